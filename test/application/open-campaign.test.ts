import { describe, expect, it } from 'vitest';
import type { Campaign } from '../../src/domain/campaign.ts';
import type { UserId } from '../../src/domain/user-id.ts';
import type { InMemoryProcess } from '../support/in-memory-process.ts';
import { anotherProcess, applyAll, aWorld, type InMemoryWorld, someUsers } from '../support/in-memory-world.ts';
import { randomCampaignId, randomUserId } from '../support/random.ts';

const aCampaign = (change: Partial<Campaign> = {}): Campaign => ({
  id: randomCampaignId(),
  name: 'Welcome',
  limit: 3,
  startsAt: null,
  endsAt: null,
  ...change,
});

const grantsItsLimit = async (process: InMemoryProcess, { id, limit }: Campaign): Promise<void> => {
  const accepted = await applyAll(process, id, someUsers(limit + 5));
  expect([...accepted.values()].toSorted((a, b) => a - b)).toEqual(Array.from({ length: limit }, (_, i) => i + 1));
};

/** What is recorded as open and only prepared is left for one round to whoever may be opening it. */
const twoRounds = async (world: InMemoryWorld, leader: InMemoryProcess): Promise<void> => {
  await world.finish(leader.keepOpen());
  await world.pass(1_000);
  await world.finish(leader.keepOpen());
};

it('opens a new campaign for applications before it answers', async () => {
  const { process } = await aWorld();
  const campaign = aCampaign();
  expect(await process.openCampaign.execute(campaign)).toBe('created');
  await grantsItsLimit(process, campaign);
});

it('answers the same request again with the same, and the counter goes on', async () => {
  const { process } = await aWorld();
  const campaign = aCampaign();
  await process.openCampaign.execute(campaign);
  await process.applyForCoupon.execute(campaign.id, randomUserId());
  expect(await process.openCampaign.execute(campaign)).toBe('same');
  expect(await process.counter.standing(campaign.id)).toMatchObject({ counter: 1 });
});

it('refuses other terms for a campaign that exists, and leaves it as it is', async () => {
  const { process } = await aWorld();
  const campaign = aCampaign();
  await process.openCampaign.execute(campaign);
  for (const other of [{ limit: 4 }, { name: 'Other' }, { startsAt: 1 }, { endsAt: 1 }]) {
    expect(await process.openCampaign.execute({ ...campaign, ...other })).toBe('exists');
  }
  expect(await process.counter.standing(campaign.id)).toMatchObject({ limit: 3, name: 'Welcome' });
});

it('refuses terms that no campaign can have, and records nothing', async () => {
  const { process } = await aWorld();
  const campaign = aCampaign({ limit: 0 });
  await expect(process.openCampaign.execute(campaign)).rejects.toThrow(
    expect.objectContaining({ code: 'invalid-request' }),
  );
  expect(await process.campaigns.find(campaign.id)).toBeNull();
});

it('opens one counter when many ask for the same campaign at once', async () => {
  const { world, process } = await aWorld();
  const other = await anotherProcess(world);
  const campaign = aCampaign();
  const asked = [process, other, process, other].map((each) => each.openCampaign.execute(campaign));
  const leader = process.keepOpen();
  const answers = await Promise.all(asked);
  await world.finish(leader);
  expect(answers.toSorted()).toEqual(['created', 'same', 'same', 'same']);
  await grantsItsLimit(process, campaign);
  expect(await process.counter.standing(campaign.id)).toMatchObject({ epoch: 1 });
});

describe('a crash', () => {
  const STEPS = ['campaigns.create', 'counters.prepare', 'campaigns.markOpened', 'counters.open'];
  const stages = STEPS.flatMap((step) => [
    ['before', step],
    ['after', step],
  ]);
  /** Recorded as open, and not open: whether it was granted from, nobody knows. */
  const isBetween = (when: string | undefined, step: string | undefined): boolean =>
    (when === 'after' && step === 'campaigns.markOpened') || (when === 'before' && step === 'counters.open');

  it.each(stages)('%s %s: the same request again opens the campaign', async (when, step) => {
    const { world, process } = await aWorld();
    const campaign = aCampaign();
    const call = when === 'before' ? process.calls.stopBefore(step) : process.calls.stopAfter(step);
    void process.openCampaign.execute(campaign);
    await call.reached;

    const next = await anotherProcess(world);
    const recorded = step !== 'campaigns.create' || when === 'after';
    if (isBetween(when, step)) {
      expect(await next.openCampaign.execute(campaign)).toBe('unopened');
      await twoRounds(world, next);
    }
    expect(await next.openCampaign.execute(campaign)).toBe(recorded ? 'same' : 'created');
    await grantsItsLimit(next, campaign);
    expect(await next.counter.standing(campaign.id)).toMatchObject({ epoch: isBetween(when, step) ? 2 : 1 });
  });

  it.each(stages.slice(1))('%s %s: the leader opens the campaign', async (when, step) => {
    const { world, process } = await aWorld();
    const campaign = aCampaign();
    const call = when === 'before' ? process.calls.stopBefore(step) : process.calls.stopAfter(step);
    void process.openCampaign.execute(campaign);
    await call.reached;

    const leader = await anotherProcess(world);
    await twoRounds(world, leader);
    await grantsItsLimit(leader, campaign);
    expect(await leader.counter.standing(campaign.id)).toMatchObject({ epoch: isBetween(when, step) ? 2 : 1 });
  });

  it.each(stages)('%s %s: whoever wakes up after others finished starts nothing at zero', async (when, step) => {
    const { world, process } = await aWorld();
    const campaign = aCampaign();
    const call = when === 'before' ? process.calls.stopBefore(step) : process.calls.stopAfter(step);
    const asleep = process.openCampaign.execute(campaign);
    await call.reached;

    const next = await anotherProcess(world);
    await next.openCampaign.execute(campaign);
    if (isBetween(when, step)) await twoRounds(world, next);
    const accepted = await applyAll(next, campaign.id, someUsers(2));
    call.goOn();
    expect(['created', 'same', 'unopened']).toContain(await asleep);
    expect(await applyAll(next, campaign.id, [...accepted.keys()])).toEqual(accepted);
    expect(await next.counter.standing(campaign.id)).toMatchObject({ counter: 2 });
  });
});

describe('a campaign that was open and is lost from the counter', () => {
  it('is not opened by the same request again, but by the rebuild', async () => {
    const { world, process } = await aWorld();
    const campaign = aCampaign();
    await process.openCampaign.execute(campaign);
    const before = await applyAll(process, campaign.id, someUsers(2));
    await world.drain(process);
    world.store.wipe();
    expect(await process.openCampaign.execute(campaign)).toBe('unopened');
    expect(await process.counter.standing(campaign.id)).toEqual({ kind: 'unknown', reason: 'missing' });
    await world.finish(process.keepOpen());
    expect(await process.openCampaign.execute(campaign)).toBe('same');
    expect(await applyAll(process, campaign.id, [...before.keys()])).toEqual(before);
  });

  it('is not started at zero by somebody who had seen it unopened', async () => {
    const { world, process } = await aWorld();
    const campaign = aCampaign();
    const late = await anotherProcess(world);
    const prepare = late.calls.stopBefore('counters.prepare');
    const asleep = late.openCampaign.execute(campaign);
    await prepare.reached;
    await process.openCampaign.execute(campaign);
    const before = await applyAll(process, campaign.id, someUsers(2));
    await world.drain(process);
    world.store.wipe();

    prepare.goOn();
    expect(await world.finish(asleep)).toBe('unopened');
    expect(await process.applyForCoupon.execute(campaign.id, randomUserId())).toEqual({
      kind: 'rebuilding',
      reason: 'prepared',
    });
    await twoRounds(world, process);
    expect(await applyAll(process, campaign.id, [...before.keys()])).toEqual(before);
  });
});

describe('an older copy in which the campaign is prepared, taken over by a counter that keeps its scripts', () => {
  /** A campaign that was granted from, and the counter as it was before it was opened. */
  async function anOpenedCampaign() {
    const { world, process } = await aWorld();
    const campaign = aCampaign();
    const open = process.calls.stopBefore('counters.open');
    const opening = process.openCampaign.execute(campaign);
    await open.reached;
    const prepared = world.store.copy();
    open.goOn();
    expect(await opening).toBe('created');
    const told = await applyAll(process, campaign.id, someUsers(2));
    expect(told.size).toBe(2);
    await world.drain(process);
    return { world, process, campaign, told, restore: () => world.store.restore(prepared) };
  }

  const keepsItsGrants = async (process: InMemoryProcess, { id }: Campaign, told: ReadonlyMap<UserId, number>) => {
    const [[, next] = []] = await applyAll(process, id, someUsers(1));
    expect(next).toBe(3);
    expect(await applyAll(process, id, [...told.keys()])).toEqual(told);
  };

  it('is rebuilt by the leader, never opened at zero', async () => {
    const { world, process, campaign, told, restore } = await anOpenedCampaign();
    restore();
    const user = randomUserId();
    for (let round = 1; round <= 2; round += 1) {
      expect(await process.applyForCoupon.execute(campaign.id, user)).toMatchObject({ kind: 'rebuilding' });
      await world.finish(process.keepOpen());
    }
    await keepsItsGrants(process, campaign, told);
  });

  it('is not opened by the same request again', async () => {
    const { world, process, campaign, told, restore } = await anOpenedCampaign();
    restore();
    expect(await process.openCampaign.execute(campaign)).toBe('unopened');
    await twoRounds(world, process);
    await keepsItsGrants(process, campaign, told);
  });

  it.each(['counters.prepare', 'campaigns.markOpened'])(
    'is not opened by a second request that was on its way before %s all along',
    async (step) => {
      const { world, process } = await aWorld();
      const campaign = aCampaign();
      const [first, second] = [await anotherProcess(world), await anotherProcess(world)];
      const [asleep, open] = [second.calls.stopBefore(step), first.calls.stopBefore('counters.open')];
      const late = second.openCampaign.execute(campaign);
      await asleep.reached;
      const opening = first.openCampaign.execute(campaign);
      await open.reached;
      const prepared = world.store.copy();
      open.goOn();
      await opening;
      const told = await applyAll(process, campaign.id, someUsers(2));
      await world.drain(process);
      world.store.restore(prepared);
      asleep.goOn();
      expect(await world.finish(late)).toBe('unopened');
      await twoRounds(world, process);
      await keepsItsGrants(process, campaign, told);
    },
  );

  it.each(['before', 'after'])(
    'is not opened by the very request that recorded it, asleep since %s that',
    async (when) => {
      const { world, process } = await aWorld();
      const campaign = aCampaign();
      const first = await anotherProcess(world);
      const step = 'campaigns.markOpened';
      const asleep = when === 'before' ? first.calls.stopBefore(step) : first.calls.stopAfter(step);
      const late = first.openCampaign.execute(campaign);
      await asleep.reached;
      const prepared = world.store.copy();
      // Before: somebody else opens it. After: the leader finds it recorded as open, and rebuilds it.
      if (when === 'before') expect(await process.openCampaign.execute(campaign)).toBe('same');
      await twoRounds(world, process);
      const told = await applyAll(process, campaign.id, someUsers(2));
      expect(told.size).toBe(2);
      await world.drain(process);
      world.store.restore(prepared);
      asleep.goOn();
      expect(await world.finish(late)).toBe('unopened');
      await twoRounds(world, process);
      await keepsItsGrants(process, campaign, told);
    },
  );
});

it('is not taken from a request that is about to open it by a leader who comes between', async () => {
  const { world, process } = await aWorld();
  const campaign = aCampaign();
  const open = process.calls.stopBefore('counters.open');
  const opening = process.openCampaign.execute(campaign);
  await open.reached;
  const leader = await anotherProcess(world);
  await leader.keepOpen();
  open.goOn();
  expect(await opening).toBe('created');
  await leader.keepOpen();
  expect(await process.counter.standing(campaign.id)).toMatchObject({ kind: 'open', epoch: 1 });
});

it('opens nothing while the counter is fenced, and the same request again does', async () => {
  const { world, process } = await aWorld();
  const campaign = aCampaign();
  world.store.restart();
  await expect(process.openCampaign.execute(campaign)).rejects.toMatchObject({ name: 'Unavailable' });
  await world.finish(process.keepOpen());
  expect(await process.openCampaign.execute(campaign)).toBe('same');
  await grantsItsLimit(process, campaign);
});
