import { describe, expect, it } from 'vitest';
import type { CampaignId } from '../../src/domain/campaign-id.ts';
import { STALE_AFTER } from '../../src/domain/publish-deadline.ts';
import type { UserId } from '../../src/domain/user-id.ts';
import type { InMemoryProcess } from '../support/in-memory-process.ts';
import { anOpenCampaign, anotherProcess, applyAll, aWorld, refuseData, someUsers } from '../support/in-memory-world.ts';
import { randomCampaignId, randomUserId } from '../support/random.ts';

const LOST = 6;

/** Grants whose events were in the log, which lost them. */
async function lostGrants({ counter }: InMemoryProcess, id: CampaignId, count: number) {
  const told = new Map<UserId, number>();
  for (const user of someUsers(count)) {
    const admission = await counter.admit(id, user);
    if (admission.kind !== 'granted') throw new Error(`the admission is ${admission.kind}`);
    counter.settle(admission.grant);
    told.set(user, admission.grant.sequence);
  }
  return told;
}

async function aLostLog(limit = 20) {
  const { world, process } = await aWorld();
  const id = await anOpenCampaign(process, limit);
  const recorded = await applyAll(process, id, someUsers(4));
  await world.drain(process);
  const lost = await lostGrants(process, id, LOST);
  const settled = async () => {
    world.time.advance(STALE_AFTER + 1);
    await process.settlePendingGrants.execute();
    await world.drain(process);
    return new Map(world.coupons(id));
  };
  return { world, process, id, recorded, lost, settled };
}

describe('republishing', () => {
  it('makes pending what the counter holds and the record does not, and the leader publishes it again', async () => {
    const { process, id, recorded, lost, settled } = await aLostLog();
    expect((await settled()).size).toBe(recorded.size);
    expect(await process.republishGrants.execute(id)).toEqual({ kind: 'marked', checked: 10, marked: LOST });
    expect(await process.counter.standing(id)).toMatchObject({ pending: LOST });
    expect(await settled()).toEqual(new Map([...recorded, ...lost]));
    expect(await process.counter.standing(id)).toMatchObject({ pending: 0 });
    expect(await process.republishGrants.execute(id)).toEqual({ kind: 'marked', checked: 10, marked: 0 });
  });

  it('lets users who were told their sequence ask again, and tells them the same', async () => {
    const { process, id, lost } = await aLostLog();
    await process.republishGrants.execute(id);
    expect(await applyAll(process, id, [...lost.keys()])).toEqual(lost);
  });

  it('leaves failed events that hold a slot and voided grants alone', async () => {
    const { world, process, id, settled } = await aLostLog();
    const accept = refuseData(world, id);
    const [held = 0] = (await applyAll(process, id, [randomUserId()])).values();
    await world.drain(process);
    accept();
    const voided = randomUserId();
    const [sequence = 0] = (await applyAll(process, id, [voided])).values();
    world.store.get(id).users.set(voided, -sequence);
    expect([held, sequence]).toEqual([11, 12]);
    expect(await process.republishGrants.execute(id)).toEqual({ kind: 'marked', checked: 12, marked: LOST });
    await settled();
    expect(
      await process.failedEvents.page({ campaignId: id, status: null }, { limit: 10, cursor: null }),
    ).toMatchObject({
      items: [{ status: 'open', holdsSlot: true }],
    });
  });

  it('publishes what was on its way only twice, which is absorbed', async () => {
    const { world, process, id, recorded, lost, settled } = await aLostLog();
    const issue = process.calls.stopBefore('coupons.issue');
    const onItsWay = await applyAll(process, id, [randomUserId()]);
    await issue.reached;
    await world.rest();
    expect(await process.republishGrants.execute(id)).toMatchObject({ marked: LOST + 1 });
    issue.goOn();
    expect(await settled()).toEqual(new Map([...recorded, ...lost, ...onItsWay]));
    const all = { campaignId: null, status: null };
    expect(await process.failedEvents.page(all, { limit: 1, cursor: null })).toMatchObject({ items: [] });
  });

  it('reads a large campaign page by page', async () => {
    const { world, process } = await aWorld();
    const id = await anOpenCampaign(process, 3_000);
    await lostGrants(process, id, 2_300);
    const read = process.calls.count('holdings.holders');
    expect(await process.republishGrants.execute(id)).toEqual({ kind: 'marked', checked: 2_300, marked: 2_300 });
    expect(process.calls.count('holdings.holders') - read).toBe(4);
    world.time.advance(STALE_AFTER + 1);
    expect(await process.settlePendingGrants.execute()).toBe(2_300);
  });

  it.each(['campaigns.find', 'counter.standing', 'holdings.holders', 'issuance.unrecorded', 'counters.markPending'])(
    'that dies after %s is repeated, and loses nothing',
    async (call) => {
      const { world, process, id, recorded, lost, settled } = await aLostLog();
      const api = await anotherProcess(world);
      const crash = api.calls.stopAfter(call);
      void api.republishGrants.execute(id);
      await crash.reached;
      await process.republishGrants.execute(id);
      expect(await settled()).toEqual(new Map([...recorded, ...lost]));
    },
  );
});

describe('republishing is refused', () => {
  it('where there is no such campaign, or it was never opened, or is archived', async () => {
    const { world, process, id } = await aLostLog();
    expect(await process.republishGrants.execute(randomCampaignId())).toEqual({ kind: 'campaign-not-found' });
    const next = randomCampaignId();
    const terms = { name: 'Next', limit: 1, startsAt: null, endsAt: null };
    await process.campaigns.create({ id: next, ...terms }, world.time.now());
    expect(await process.republishGrants.execute(next)).toEqual({ kind: 'campaign-never-opened' });
    const record = await process.campaigns.find(id);
    if (record !== null) await process.campaigns.archive(record, 10, world.time.now());
    expect(await process.republishGrants.execute(id)).toEqual({ kind: 'campaign-archived' });
  });

  it('while the counter is not open and complete', async () => {
    const { world, process, id } = await aLostLog();
    world.store.lose(id, 'users');
    expect(await process.republishGrants.execute(id)).toEqual({ kind: 'rebuilding', reason: 'incomplete' });
    world.store.restart();
    expect(await process.republishGrants.execute(id)).toEqual({ kind: 'rebuilding', reason: 'fenced' });
  });

  it.each(['holdings.holders', 'issuance.unrecorded', 'counters.markPending'])(
    'where the counter is rebuilt before %s: nothing is marked in another epoch',
    async (call) => {
      const { world, process, id } = await aLostLog();
      const leader = await anotherProcess(world);
      const middle = process.calls.stopBefore(call);
      const republished = process.republishGrants.execute(id);
      await middle.reached;
      world.store.lose(id, 'meta');
      await world.finish(leader.keepOpen());
      middle.goOn();
      expect(await republished).toEqual({ kind: 'rebuilding', reason: 'closed' });
      expect(await process.counter.standing(id)).toMatchObject({ epoch: 2, pending: 0 });
    },
  );
});
