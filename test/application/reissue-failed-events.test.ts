import { describe, expect, it } from 'vitest';
import type { CampaignId } from '../../src/domain/campaign-id.ts';
import { MOST_ATTEMPTS } from '../../src/domain/failed-event.ts';
import { HAND_OVER_DEADLINE } from '../../src/domain/publish-deadline.ts';
import type { InMemoryProcess } from '../support/in-memory-process.ts';
import {
  anOpenCampaign,
  anotherProcess,
  applyAll,
  aWorld,
  type InMemoryWorld,
  lateGrant,
  refuseData,
  someUsers,
} from '../support/in-memory-world.ts';
import { aFailure, aGrant } from '../support/permanent-record.ts';
import { randomCampaignId, randomUserId } from '../support/random.ts';

const failedEvent = async ({ failedEvents }: InMemoryProcess, campaignId: CampaignId | null) => {
  const [event] = (await failedEvents.page({ campaignId, status: null }, { limit: 1, cursor: null })).items;
  if (event === undefined) throw new Error('there is no failed event');
  return event;
};

/** Accepted grants whose events the record refused. */
const refusedGrants = async (world: InMemoryWorld, process: InMemoryProcess, id: CampaignId, count: number) => {
  const accept = refuseData(world, id);
  const accepted = await applyAll(process, id, someUsers(count));
  await world.drain(process);
  return { accept, accepted };
};

describe('a failed event that holds a slot', () => {
  it('becomes the coupon that was promised once the cause is gone', async () => {
    const { world, process } = await aWorld();
    const id = await anOpenCampaign(process, 5);
    const { accept, accepted } = await refusedGrants(world, process, id, 3);
    accept();
    const report = await process.reissueFailedEvents.all(id);
    expect(report).toEqual({ reissued: 3, remaining: 0, notReissuable: 0 });
    expect(new Map(world.coupons(id))).toEqual(accepted);
    expect(await failedEvent(process, id)).toMatchObject({ status: 'reissued' });
  });

  it('stays open with one attempt more while the cause is there', async () => {
    const { world, process } = await aWorld();
    const id = await anOpenCampaign(process, 5);
    await refusedGrants(world, process, id, 1);
    expect(await process.reissueFailedEvents.all(id)).toEqual({ reissued: 0, remaining: 1, notReissuable: 0 });
    expect(await failedEvent(process, id)).toMatchObject({ status: 'open', attempts: 1, holdsSlot: true });
  });

  it('survives a rebuild and is reissued under the epoch it has', async () => {
    const { world, process } = await aWorld();
    const id = await anOpenCampaign(process, 5);
    const { accept, accepted } = await refusedGrants(world, process, id, 1);
    accept();
    world.store.wipe();
    await world.finish(process.keepOpen());
    expect(await process.reissueFailedEvents.all(id)).toMatchObject({ reissued: 1 });
    expect(new Map(world.coupons(id))).toEqual(accepted);
  });
});

describe('one failed event', () => {
  it('is not found where there is none', async () => {
    const { process } = await aWorld();
    expect(await process.reissueFailedEvents.one('404')).toEqual({ kind: 'not-found' });
  });

  it('is reissued once, and not again', async () => {
    const { world, process } = await aWorld();
    const id = await anOpenCampaign(process, 5);
    const { accept } = await refusedGrants(world, process, id, 1);
    const event = await failedEvent(process, id);
    const remaining = { kind: 'done', report: { reissued: 0, remaining: 1, notReissuable: 0 } };
    expect(await process.reissueFailedEvents.one(event.id)).toEqual(remaining);
    accept();
    const done = { kind: 'done', report: { reissued: 1, remaining: 0, notReissuable: 0 } };
    expect(await process.reissueFailedEvents.one(event.id)).toEqual(done);
    expect(await process.reissueFailedEvents.one(event.id)).toMatchObject({ kind: 'not-reissuable' });
    expect(world.coupons(id)).toHaveLength(1);
  });

  it('that is malformed cannot be reissued', async () => {
    const { process } = await aWorld();
    await process.failedEvents.keep([aFailure(null)]);
    const { id } = await failedEvent(process, null);
    expect(await process.reissueFailedEvents.one(id)).toMatchObject({ kind: 'not-reissuable' });
  });

  it('of a campaign that neither record nor counter knows cannot be reissued', async () => {
    const { process } = await aWorld();
    const grant = aGrant(randomCampaignId(), 1);
    await process.failedEvents.keep([aFailure(grant, { reason: 'unknown-campaign', holdsSlot: false })]);
    const { id } = await failedEvent(process, null);
    expect(await process.reissueFailedEvents.one(id)).toMatchObject({ kind: 'not-reissuable' });
    expect(await process.reissueFailedEvents.all(null)).toEqual({ reissued: 0, remaining: 0, notReissuable: 1 });
  });

  it('that the counter does not confirm cannot be reissued: anybody may write to the topic', async () => {
    const { world, process } = await aWorld();
    const id = await anOpenCampaign(process, 5);
    await process.failedEvents.keep([aFailure(aGrant(id, 1), { holdsSlot: false })]);
    const event = await failedEvent(process, id);
    expect(await process.reissueFailedEvents.one(event.id)).toMatchObject({ kind: 'not-reissuable' });
    expect(world.coupons(id)).toEqual([]);
  });

  it('without a slot is reissued where the counter confirms it after all', async () => {
    const { world, process } = await aWorld();
    const id = await anOpenCampaign(process, 5);
    const admission = await process.counter.admit(id, randomUserId());
    if (admission.kind !== 'granted') throw new Error(admission.kind);
    await process.failedEvents.keep([aFailure(admission.grant, { holdsSlot: false })]);
    const event = await failedEvent(process, id);
    expect(await process.reissueFailedEvents.one(event.id)).toMatchObject({ report: { reissued: 1 } });
    expect(world.coupons(id)).toHaveLength(1);
  });
});

describe('a grant that came too late for its epoch', () => {
  it('is a normal admission again: its user gets a new sequence and a coupon', async () => {
    const { world, process } = await aWorld();
    const id = await anOpenCampaign(process, 5);
    const user = randomUserId();
    await lateGrant(world, process, id, user);
    await applyAll(process, id, someUsers(1));
    expect(await process.reissueFailedEvents.all(id)).toEqual({ reissued: 1, remaining: 0, notReissuable: 0 });
    await world.drain(process);
    expect(new Map(world.coupons(id)).get(user)).toBe(2);
    expect(await failedEvent(process, id)).toMatchObject({ status: 'reissued' });
    expect(await process.findApplication.execute(id, user)).toMatchObject({ kind: 'issued', sequence: 2 });
  });

  it('is admitted after the campaign has ended, because its user applied in time', async () => {
    const { world, process } = await aWorld();
    const id = await anOpenCampaign(process, 5, { endsAt: world.time.now() + 1_000 });
    const user = randomUserId();
    await lateGrant(world, process, id, user);
    expect(await process.applyForCoupon.execute(id, user)).toEqual({ kind: 'ended' });
    expect(await process.reissueFailedEvents.all(id)).toMatchObject({ reissued: 1 });
    await world.drain(process);
    expect(world.coupons(id)).toEqual([[user, 1]]);
  });

  it('waits for a free slot where none is left, and oversells nothing', async () => {
    const { world, process } = await aWorld();
    const id = await anOpenCampaign(process, 1);
    const user = randomUserId();
    await lateGrant(world, process, id, user);
    await applyAll(process, id, someUsers(1));
    expect(await process.reissueFailedEvents.all(id)).toEqual({ reissued: 0, remaining: 1, notReissuable: 0 });
    expect(await process.findApplication.execute(id, user)).toMatchObject({ kind: 'pending' });
    await process.changeCampaign.execute(id, { limit: 2 });
    expect(await process.reissueFailedEvents.all(id)).toMatchObject({ reissued: 1 });
    await world.drain(process);
    expect(world.coupons(id)).toHaveLength(2);
  });

  it('is closed without a second event where its user has applied again himself', async () => {
    const { world, process } = await aWorld();
    const id = await anOpenCampaign(process, 5);
    const user = randomUserId();
    await lateGrant(world, process, id, user);
    await applyAll(process, id, someUsers(1));
    await process.applyForCoupon.execute(id, user);
    await world.rest();
    const before = world.published;
    expect(await process.reissueFailedEvents.all(id)).toMatchObject({ reissued: 1 });
    expect(world.published).toBe(before);
    await world.drain(process);
    expect(new Map(world.coupons(id)).get(user)).toBe(2);
  });

  it('is closed only after the new event is durable, and settled then', async () => {
    const { world, process } = await aWorld();
    const id = await anOpenCampaign(process, 5);
    await lateGrant(world, process, id, randomUserId());
    await applyAll(process, id, someUsers(1));
    const publish = process.calls.stopAfter('publisher.publish');
    const reissued = process.reissueFailedEvents.all(id);
    await publish.reached;
    await world.rest();
    expect(await failedEvent(process, id)).toMatchObject({ status: 'open' });
    expect(await process.counters.sample(id)).toMatchObject({ pending: [2] });
    publish.goOn();
    await reissued;
    expect(await failedEvent(process, id)).toMatchObject({ status: 'reissued' });
    expect(await process.counters.sample(id)).toMatchObject({ pending: [] });
  });

  it('stays open where its new event may not have arrived, and the next try takes the same grant', async () => {
    const { world, process } = await aWorld();
    const id = await anOpenCampaign(process, 5);
    const user = randomUserId();
    await lateGrant(world, process, id, user);
    await applyAll(process, id, someUsers(1));
    world.log.suffer('acknowledgements-lost');
    await expect(process.reissueFailedEvents.all(id)).rejects.toMatchObject({ name: 'OutcomeUnknown' });
    expect(await process.reissueFailedEvents.all(id)).toMatchObject({ reissued: 0, remaining: 1 });
    world.log.suffer('none');
    expect(await process.reissueFailedEvents.all(id)).toMatchObject({ reissued: 1 });
    await world.drain(process);
    expect(new Map(world.coupons(id)).get(user)).toBe(2);
  });

  it('has its new event published by the next try where it did not arrive', async () => {
    const { world, process } = await aWorld();
    const id = await anOpenCampaign(process, 5);
    const user = randomUserId();
    await lateGrant(world, process, id, user);
    world.log.suffer('away');
    await expect(process.reissueFailedEvents.all(id)).rejects.toMatchObject({ name: 'Unavailable' });
    world.log.suffer('none');
    expect(await process.reissueFailedEvents.all(id)).toMatchObject({ reissued: 1 });
    await world.drain(process);
    expect(world.coupons(id)).toEqual([[user, 1]]);
  });

  it('is reissued once, and not again', async () => {
    const { world, process } = await aWorld();
    const id = await anOpenCampaign(process, 5);
    await lateGrant(world, process, id, randomUserId());
    const event = await failedEvent(process, id);
    expect(await process.reissueFailedEvents.one(event.id)).toMatchObject({ kind: 'done' });
    expect(await process.reissueFailedEvents.one(event.id)).toMatchObject({ kind: 'not-reissuable' });
  });

  it('is not handed over when its new admission was sent more than a second ago', async () => {
    const { world, process } = await aWorld();
    const id = await anOpenCampaign(process, 5);
    await lateGrant(world, process, id, randomUserId());
    const before = world.published;
    const admission = process.calls.stopBefore('counter.admit');
    const reissued = process.reissueFailedEvents.all(id);
    await admission.reached;
    world.time.advance(HAND_OVER_DEADLINE + 1);
    admission.goOn();
    await expect(reissued).rejects.toMatchObject({ name: 'Unavailable' });
    expect(world.published).toBe(before);
    expect(await failedEvent(process, id)).toMatchObject({ status: 'open' });
  });

  it('is not admitted while the event log is away', async () => {
    const { world, process } = await aWorld();
    const id = await anOpenCampaign(process, 5);
    await lateGrant(world, process, id, randomUserId());
    world.log.suffer('away');
    await process.applyForCoupon.execute(id, randomUserId());
    expect(await process.reissueFailedEvents.all(id)).toEqual({ reissued: 0, remaining: 1, notReissuable: 0 });
    expect(await process.counters.sample(id)).toMatchObject({ counter: 1 });
  });

  it('is not reissued to a user whose grant was voided', async () => {
    const { world, process } = await aWorld();
    const id = await anOpenCampaign(process, 5);
    const user = randomUserId();
    await lateGrant(world, process, id, user);
    await process.counter.admit(id, user);
    world.store.get(id).users.set(user, -1);
    expect(await process.reissueFailedEvents.all(id)).toEqual({ reissued: 0, remaining: 0, notReissuable: 1 });
  });
});

describe('all failed events', () => {
  it('are tried page by page, those of one campaign or of all', async () => {
    const { world, process } = await aWorld();
    const [one, other] = [await anOpenCampaign(process, 150), await anOpenCampaign(process, 5)];
    const refused = await refusedGrants(world, process, one, 130);
    const others = await refusedGrants(world, process, other, 2);
    await process.failedEvents.keep([aFailure(null)]);
    refused.accept();
    others.accept();
    expect(await process.reissueFailedEvents.all(one)).toEqual({ reissued: 130, remaining: 0, notReissuable: 0 });
    expect(await process.reissueFailedEvents.all(null)).toEqual({ reissued: 2, remaining: 0, notReissuable: 1 });
  });

  it('that are not reached within five seconds remain, and are counted', async () => {
    const { world, process } = await aWorld();
    const id = await anOpenCampaign(process, 5);
    const { accept } = await refusedGrants(world, process, id, 3);
    accept();
    const second = process.calls.stopAfter('failedEvents.reissue');
    const reissued = process.reissueFailedEvents.all(id);
    await second.reached;
    world.time.advance(5_000);
    second.goOn();
    expect(await reissued).toEqual({ reissued: 1, remaining: 2, notReissuable: 0 });
  });
});

describe('the leader', () => {
  it('reissues what is due, and leaves a failure alone until its next attempt is', async () => {
    const { world, process } = await aWorld();
    const id = await anOpenCampaign(process, 5);
    const { accept } = await refusedGrants(world, process, id, 1);
    await process.reissueFailedEvents.due();
    await process.reissueFailedEvents.due();
    expect(await failedEvent(process, id)).toMatchObject({ attempts: 1 });
    accept();
    world.time.advance(29_999);
    await process.reissueFailedEvents.due();
    expect(await failedEvent(process, id)).toMatchObject({ status: 'open' });
    world.time.advance(1);
    await process.reissueFailedEvents.due();
    expect(await failedEvent(process, id)).toMatchObject({ status: 'reissued' });
  });

  it('waits twice as long after every attempt, up to an hour', async () => {
    const { world, process } = await aWorld();
    const id = await anOpenCampaign(process, 5);
    await refusedGrants(world, process, id, 1);
    for (const [attempt, seconds] of [30, 60, 120, 240, 480, 960, 1_920, 3_600, 3_600].entries()) {
      await process.reissueFailedEvents.due();
      world.time.advance(seconds * 1_000 - 1);
      await process.reissueFailedEvents.due();
      expect(await failedEvent(process, id)).toMatchObject({ attempts: attempt + 1 });
      world.time.advance(1);
    }
  });

  it('comes to every event that is due, however many older ones cannot be helped', async () => {
    const { world, process } = await aWorld();
    const id = await anOpenCampaign(process, 5);
    const forged = Array.from({ length: 250 }, () => aFailure(aGrant(randomCampaignId(), 1), { holdsSlot: false }));
    await process.failedEvents.keep(forged);
    const { accept, accepted } = await refusedGrants(world, process, id, 1);
    accept();
    await process.reissueFailedEvents.due();
    expect(new Map(world.coupons(id))).toEqual(accepted);
  });

  it('spends no longer than about five seconds a round', async () => {
    const { world, process } = await aWorld();
    const forged = Array.from({ length: 101 }, () => aFailure(aGrant(randomCampaignId(), 1), { holdsSlot: false }));
    await process.failedEvents.keep(forged);
    const slow = process.calls.stopBefore('counters.confirms');
    const round = process.reissueFailedEvents.due();
    await slow.reached;
    world.time.advance(5_000);
    slow.goOn();
    await round;
    expect(process.calls.count('failedEvents.lease')).toBe(1);
  });

  it('counts no attempt for an outage', async () => {
    const { world, process } = await aWorld();
    const id = await anOpenCampaign(process, 5);
    const { accept } = await refusedGrants(world, process, id, 1);
    accept();
    const away = process.calls.stopBefore('failedEvents.reissue');
    const round = process.reissueFailedEvents.due();
    away.fail(new Error('the database is away'));
    await expect(round).rejects.toThrow('away');
    expect(await failedEvent(process, id)).toMatchObject({ attempts: 0, status: 'open' });
    await process.reissueFailedEvents.due();
    expect(world.coupons(id)).toHaveLength(1);
  });
});

describe('what was refused too often', () => {
  it('is left alone by the leader, and tried again by an operator only', async () => {
    const { world, process } = await aWorld();
    const id = await anOpenCampaign(process, 5);
    const { accept } = await refusedGrants(world, process, id, 1);
    for (let round = 0; round < MOST_ATTEMPTS + 3; round += 1) {
      await process.reissueFailedEvents.due();
      world.time.advance(3_600_000);
    }
    const event = await failedEvent(process, id);
    expect(event).toMatchObject({ status: 'open', attempts: MOST_ATTEMPTS });
    const remaining = { reissued: 0, remaining: 1, notReissuable: 0 };
    expect(await process.reissueFailedEvents.all(id)).toEqual(remaining);
    expect(await process.reissueFailedEvents.one(event.id)).toEqual({ kind: 'done', report: remaining });
    accept();
    await process.reissueFailedEvents.due();
    expect(world.coupons(id)).toEqual([]);
    expect(await process.reissueFailedEvents.all(id)).toMatchObject({ reissued: 1 });
    const steps = (await process.failedEvents.history(event.id)).map(({ actor, step }) => `${actor} ${step}`);
    expect(steps).toEqual([
      'consumer kept',
      ...Array<string>(MOST_ATTEMPTS).fill('leader refused'),
      'operator refused',
      'operator refused',
      'operator reissued',
    ]);
  });
});

describe('two processes', () => {
  /** One of them has leased the event and does not go on. */
  const aBusyEvent = async () => {
    const { world, process } = await aWorld();
    const other = await anotherProcess(world);
    const id = await anOpenCampaign(process, 5);
    const { accept } = await refusedGrants(world, process, id, 1);
    accept();
    const stop = process.calls.stopBefore('failedEvents.reissue');
    const round = process.reissueFailedEvents.due();
    await stop.reached;
    return { world, process, other, id, event: await failedEvent(process, id), stop, round };
  };

  it('do not work on the same event: the operator is told that somebody does', async () => {
    const { world, other, id, event, stop, round } = await aBusyEvent();
    const busy = { kind: 'not-reissuable', detail: expect.stringContaining('Somebody else') };
    expect(await other.reissueFailedEvents.one(event.id)).toEqual(busy);
    expect(await other.reissueFailedEvents.all(id)).toEqual({ reissued: 0, remaining: 1, notReissuable: 0 });
    await other.reissueFailedEvents.due();
    expect(world.coupons(id)).toEqual([]);
    stop.goOn();
    await round;
    expect(world.coupons(id)).toHaveLength(1);
  });

  it('leave nothing undone when one dies: after half a minute the other does it, once', async () => {
    const { world, process, other, id, event, stop, round } = await aBusyEvent();
    world.time.advance(29_999);
    await other.reissueFailedEvents.due();
    expect(world.coupons(id)).toEqual([]);
    world.time.advance(1);
    await other.reissueFailedEvents.due();
    expect(world.coupons(id)).toHaveLength(1);
    stop.goOn();
    await round;
    const steps = (await process.failedEvents.history(event.id)).map(({ step }) => step);
    expect(steps).toEqual(['kept', 'reissued']);
    expect(await failedEvent(process, id)).toMatchObject({ status: 'reissued', attempts: 0 });
  });

  it('count one attempt where the slower one is refused after the faster', async () => {
    const { world, other, process, id, event, stop, round } = await aBusyEvent();
    refuseData(world, id);
    world.time.advance(30_000);
    await other.reissueFailedEvents.due();
    stop.goOn();
    await round;
    expect(await failedEvent(process, id)).toMatchObject({ status: 'open', attempts: 1 });
    expect((await process.failedEvents.history(event.id)).map(({ step }) => step)).toEqual(['kept', 'refused']);
  });

  it('admit a user anew at once only where one has the event', async () => {
    const { world, process } = await aWorld();
    const other = await anotherProcess(world);
    const id = await anOpenCampaign(process, 5);
    await lateGrant(world, process, id, randomUserId());
    await applyAll(process, id, someUsers(1));
    const before = world.published;
    const stop = process.calls.stopBefore('counter.admit');
    const round = process.reissueFailedEvents.due();
    await stop.reached;
    await other.reissueFailedEvents.due();
    stop.goOn();
    await round;
    expect(world.published).toBe(before + 1);
    expect(await failedEvent(process, id)).toMatchObject({ status: 'reissued' });
  });

  it('do not keep an event from each other that waits for a free slot', async () => {
    const { world, process } = await aWorld();
    const other = await anotherProcess(world);
    const id = await anOpenCampaign(process, 1);
    await lateGrant(world, process, id, randomUserId());
    await applyAll(process, id, someUsers(1));
    await process.reissueFailedEvents.due();
    expect(await failedEvent(process, id)).toMatchObject({ status: 'open', attempts: 0 });
    await other.changeCampaign.execute(id, { limit: 2 });
    expect(await other.reissueFailedEvents.all(id)).toMatchObject({ reissued: 1 });
  });
});
