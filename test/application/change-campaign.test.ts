import { describe, expect, it } from 'vitest';
import type { CampaignId } from '../../src/domain/campaign-id.ts';
import type { InMemoryProcess } from '../support/in-memory-process.ts';
import { anOpenCampaign, anotherProcess, applyAll, aWorld, someUsers } from '../support/in-memory-world.ts';
import { randomCampaignId, randomUserId } from '../support/random.ts';

/** Record and counter agree on terms, ceiling and version, and on this limit. */
const agreeOn = async ({ campaigns, counter }: InMemoryProcess, id: CampaignId, limit: number): Promise<void> => {
  const record = await campaigns.find(id);
  expect(record).toMatchObject({ limit });
  const { name, ceiling, version, startsAt, endsAt } = record ?? {};
  expect(await counter.standing(id)).toMatchObject({ limit, name, ceiling, version, startsAt, endsAt });
};

describe('a raise', () => {
  it('reopens a sold-out campaign at once, for users who were refused before', async () => {
    const { process } = await aWorld();
    const id = await anOpenCampaign(process, 2);
    const users = someUsers(5);
    const before = await applyAll(process, id, users);
    expect(await process.changeCampaign.execute(id, { limit: 4 })).toEqual({ kind: 'changed' });
    const after = await applyAll(process, id, users);
    expect(after.size).toBe(4);
    for (const [user, sequence] of before) expect(after.get(user)).toBe(sequence);
    await agreeOn(process, id, 4);
  });

  it('is recorded before the counter grants by it, so that no coupon lies above the recorded ceiling', async () => {
    const { world, process } = await aWorld();
    const id = await anOpenCampaign(process, 1);
    const [winner, second] = [randomUserId(), randomUserId()];
    await process.applyForCoupon.execute(id, winner);
    const recording = process.calls.stopBefore('campaigns.change');
    const changed = process.changeCampaign.execute(id, { limit: 2 });
    await recording.reached;
    expect(await process.applyForCoupon.execute(id, second)).toEqual({ kind: 'sold-out' });
    recording.goOn();
    await changed;
    await process.applyForCoupon.execute(id, second);
    await world.drain(process);
    expect(world.coupons(id)).toHaveLength(2);
  });

  it('changes name and hours as well, and null clears a time', async () => {
    const { world, process } = await aWorld();
    const id = await anOpenCampaign(process, 1, { endsAt: world.time.now() - 1 });
    expect(await process.applyForCoupon.execute(id, randomUserId())).toEqual({ kind: 'ended' });
    await process.changeCampaign.execute(id, { name: 'Longer', endsAt: null });
    expect(await process.applyForCoupon.execute(id, randomUserId())).toMatchObject({ kind: 'accepted' });
    expect(await process.counter.standing(id)).toMatchObject({ name: 'Longer', endsAt: null });
    await agreeOn(process, id, 1);
  });
});

describe('a lowering', () => {
  it('takes free slots away', async () => {
    const { process } = await aWorld();
    const id = await anOpenCampaign(process, 10);
    await applyAll(process, id, someUsers(2));
    expect(await process.changeCampaign.execute(id, { limit: 3 })).toEqual({ kind: 'changed' });
    expect((await applyAll(process, id, someUsers(5))).size).toBe(1);
    await agreeOn(process, id, 3);
  });

  it('below what is granted is clamped to that, and says so', async () => {
    const { process } = await aWorld();
    const id = await anOpenCampaign(process, 10);
    await applyAll(process, id, someUsers(6));
    expect(await process.changeCampaign.execute(id, { limit: 3 })).toEqual({ kind: 'changed', clampedFrom: 3 });
    await agreeOn(process, id, 6);
    expect(await process.applyForCoupon.execute(id, randomUserId())).toEqual({ kind: 'sold-out' });
  });

  it('never lies below what was granted while it was under way', async () => {
    const { world, process } = await aWorld();
    const id = await anOpenCampaign(process, 10);
    const lowering = process.calls.stopBefore('counters.change');
    const changed = process.changeCampaign.execute(id, { limit: 3 });
    await lowering.reached;
    const accepted = await applyAll(process, id, someUsers(7));
    lowering.goOn();
    expect(await changed).toEqual({ kind: 'changed', clampedFrom: 3 });
    await agreeOn(process, id, 7);
    await world.drain(process);
    expect(world.coupons(id)).toHaveLength(accepted.size);
  });
});

it('changes nothing of a campaign that does not exist', async () => {
  const { process } = await aWorld();
  expect(await process.changeCampaign.execute(randomCampaignId(), { limit: 3 })).toEqual({
    kind: 'campaign-not-found',
  });
});

it('refuses a change to terms that no campaign can have', async () => {
  const { process } = await aWorld();
  const id = await anOpenCampaign(process, 10, { startsAt: 5 });
  await expect(process.changeCampaign.execute(id, { endsAt: 5 })).rejects.toMatchObject({ code: 'invalid-request' });
  await agreeOn(process, id, 10);
});

it('changes nothing while the campaign is being rebuilt', async () => {
  const { world, process } = await aWorld();
  const id = await anOpenCampaign(process, 10);
  world.store.wipe();
  expect(await process.changeCampaign.execute(id, { limit: 20 })).toEqual({ kind: 'rebuilding', reason: 'missing' });
  expect(await process.changeCampaign.execute(id, { limit: 2 })).toEqual({ kind: 'rebuilding', reason: 'missing' });
  expect(await process.campaigns.find(id)).toMatchObject({ limit: 10, version: 1 });
});

it('keeps the burnt sequences on top of every new limit', async () => {
  const { world, process } = await aWorld();
  const id = await anOpenCampaign(process, 3);
  const lost = await process.counter.admit(id, randomUserId());
  expect(lost.kind).toBe('granted');
  await process.applyForCoupon.execute(id, randomUserId());
  world.store.lose(id, 'users');
  await world.finish(process.keepOpen());
  await process.changeCampaign.execute(id, { limit: 5 });
  await agreeOn(process, id, 5);
  await applyAll(process, id, someUsers(9));
  await world.drain(process);
  expect(world.coupons(id).map(([, sequence]) => sequence)).toEqual([2, 3, 4, 5, 6]);
  expect(await process.changeCampaign.execute(id, { limit: 1 })).toEqual({ kind: 'changed', clampedFrom: 1 });
  await agreeOn(process, id, 5);
});

describe('two changes at once', () => {
  const PAIRS = [
    [{ limit: 20 }, { limit: 30 }],
    [{ limit: 20 }, { limit: 5 }],
    [{ limit: 5 }, { limit: 4 }],
    [{ limit: 5 }, { name: 'Other' }],
  ] as const;
  const CALLS = ['campaigns.change', 'campaigns.reserveVersion', 'counters.change', 'campaigns.settleVersion'] as const;
  const cases = PAIRS.flatMap((pair) => CALLS.map((call) => [...pair, call] as const));

  it.each(cases)('%j held up by %j at %s: both take effect, one after the other', async (first, second, call) => {
    const { world, process } = await aWorld();
    const other = await anotherProcess(world);
    const id = await anOpenCampaign(process, 10);
    const held = process.calls.stopBefore(call);
    const changed = process.changeCampaign.execute(id, first);
    const passedBy = await Promise.race([held.reached.then(() => false), changed.then(() => true)]);
    expect(await other.changeCampaign.execute(id, second)).toEqual({ kind: 'changed' });
    held.goOn();
    expect(await changed).toEqual({ kind: 'changed' });

    const record = await process.campaigns.find(id);
    if (passedBy) expect(record).toMatchObject(second);
    else expect([first, second].some((each) => !('limit' in each) || each.limit === record?.limit)).toBe(true);
    if ('name' in second) expect(record).toMatchObject({ ...first, ...second });
    await agreeOn(process, id, record?.limit ?? 0);
  });

  it('of which the other has made a lowering a raise: it is recorded before the counter grants by it', async () => {
    const { world, process } = await aWorld();
    const other = await anotherProcess(world);
    const id = await anOpenCampaign(process, 10);
    const held = process.calls.stopBefore('campaigns.reserveVersion');
    const changed = process.changeCampaign.execute(id, { limit: 8 });
    await held.reached;
    await other.changeCampaign.execute(id, { limit: 5 });
    const recorded = process.calls.stopBefore('campaigns.change');
    held.goOn();
    await recorded.reached;
    expect(await process.counter.standing(id)).toMatchObject({ limit: 5 });
    recorded.goOn();
    expect(await changed).toEqual({ kind: 'changed' });
    await agreeOn(process, id, 8);
  });

  it('that are overtaken again and again end in an error, not in an answer that may be wrong', async () => {
    const { world, process } = await aWorld();
    const other = await anotherProcess(world);
    const id = await anOpenCampaign(process, 10);
    const changed = process.changeCampaign.execute(id, { limit: 5 });
    changed.catch(() => undefined);
    for (let turn = 0; turn < 5; turn += 1) {
      const held = process.calls.stopBefore('campaigns.settleVersion');
      await held.reached;
      await other.changeCampaign.execute(id, { name: `Turn ${turn}` });
      held.goOn();
    }
    await expect(changed).rejects.toMatchObject({ name: 'OutcomeUnknown' });
  });
});

describe('a change that a crash left half-way', () => {
  it('is finished by the leader where it was a raise', async () => {
    const { world, process } = await aWorld();
    const id = await anOpenCampaign(process, 1);
    await process.applyForCoupon.execute(id, randomUserId());
    const crash = process.calls.stopBefore('counters.change');
    void process.changeCampaign.execute(id, { limit: 2, name: 'Raised' });
    await crash.reached;
    const leader = await anotherProcess(world);
    await leader.compareTerms.execute();
    await agreeOn(leader, id, 2);
    expect(await leader.applyForCoupon.execute(id, randomUserId())).toMatchObject({ kind: 'accepted' });
  });

  it('goes back to what is recorded where a lowering had not been recorded', async () => {
    const { world, process } = await aWorld();
    const id = await anOpenCampaign(process, 10);
    const crash = process.calls.stopBefore('campaigns.settleVersion');
    void process.changeCampaign.execute(id, { limit: 2 });
    await crash.reached;
    expect(await process.counter.standing(id)).toMatchObject({ limit: 2 });
    const leader = await anotherProcess(world);
    await leader.compareTerms.execute();
    await agreeOn(leader, id, 10);
  });

  it('is settled by the leader where a lowering had only taken its version', async () => {
    const { world, process } = await aWorld();
    const id = await anOpenCampaign(process, 10);
    const crash = process.calls.stopBefore('counters.change');
    void process.changeCampaign.execute(id, { limit: 2 });
    await crash.reached;
    const leader = await anotherProcess(world);
    await leader.compareTerms.execute();
    await agreeOn(leader, id, 10);
  });

  it('is not undone for a lowering that is alive: it takes effect after the leader', async () => {
    const { world, process } = await aWorld();
    const leader = await anotherProcess(world);
    const id = await anOpenCampaign(process, 10);
    const held = process.calls.stopBefore('campaigns.settleVersion');
    const changed = process.changeCampaign.execute(id, { limit: 2 });
    await held.reached;
    await leader.compareTerms.execute();
    held.goOn();
    expect(await changed).toEqual({ kind: 'changed' });
    await agreeOn(leader, id, 2);
  });
});
