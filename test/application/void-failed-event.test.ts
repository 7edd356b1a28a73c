import { describe, expect, it } from 'vitest';
import type { CampaignId } from '../../src/domain/campaign-id.ts';
import type { FailedEvent } from '../../src/domain/failed-event.ts';
import type { Grant } from '../../src/domain/grant.ts';
import type { UserId } from '../../src/domain/user-id.ts';
import type { StoppedCall } from '../support/calls.ts';
import { leaderRound } from '../support/in-memory-leader.ts';
import { type InMemoryProcess, startProcess } from '../support/in-memory-process.ts';
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
import { randomUserId } from '../support/random.ts';

const REASON = 'the user asked for it';
const LIMIT = 3;

interface FailedGrant {
  readonly world: InMemoryWorld;
  /** It grants, and consumes. */
  readonly process: InMemoryProcess;
  /** Another one, which leads. */
  readonly leader: InMemoryProcess;
  readonly id: CampaignId;
  readonly user: UserId;
  readonly event: FailedEvent & { readonly grant: Grant };
}

/** A sold-out campaign in which one accepted grant could not become a coupon. */
async function aFailedGrant(): Promise<FailedGrant> {
  const { world, process } = await aWorld();
  const leader = await anotherProcess(world);
  const id = await anOpenCampaign(process, LIMIT);
  await applyAll(process, id, someUsers(LIMIT - 1));
  await world.drain(process);
  const accept = refuseData(world, id);
  const user = randomUserId();
  await applyAll(process, id, [user]);
  await world.drain(process);
  accept();
  const [event] = (await process.failedEvents.page({ campaignId: id, status: 'open' }, { limit: 1, cursor: null }))
    .items;
  if (!event?.grant) throw new Error('there is no failed event');
  return { world, process, leader, id, user, event: { ...event, grant: event.grant } };
}

/** As many more applicants get in as the campaign has free, however many try; everybody who did has a coupon. */
async function expectAdmitted(
  { world, process, leader, id, user, event }: FailedGrant,
  { more = 1, limit = LIMIT }: { readonly more?: number; readonly limit?: number } = {},
): Promise<void> {
  for (let round = 0; round < 2; round += 1) await leaderRound(world, leader);
  const accepted = await applyAll(process, id, someUsers(10));
  expect([...accepted.values()]).toEqual(Array.from({ length: more }, (_, index) => LIMIT + 1 + index));
  await world.drain(process);
  expect(world.coupons(id)).toHaveLength(limit);
  expect(new Map(world.coupons(id)).has(user)).toBe(false);
  expect(await process.findApplication.execute(id, user)).toEqual({ kind: 'voided', sequence: event.grant.sequence });
  expect(await process.applyForCoupon.execute(id, user)).toEqual({ kind: 'voided' });
  expect(await process.voids.untold(null)).toEqual([]);
  expect(await process.accountForCampaigns.one(id)).toMatchObject({
    granted: limit,
    failed: 0,
    burnt: 1,
    unaccounted: 0,
  });
}

const voidIt = ({ process, event }: FailedGrant) => process.voidFailedEvent.execute(event.id, REASON);

const CALLS = ['voids.voidEvent', 'counters.voidUser', 'counters.change', 'voids.markTold'] as const;

/** Every moment before and after a call. */
const MOMENTS = CALLS.flatMap((call) => [
  { moment: `before ${call}`, stop: ({ calls }: InMemoryProcess): StoppedCall => calls.stopBefore(call) },
  { moment: `after ${call}`, stop: ({ calls }: InMemoryProcess): StoppedCall => calls.stopAfter(call) },
]);

describe('a void', () => {
  it('lets exactly one more applicant in, and its user no more', async () => {
    const failed = await aFailedGrant();
    expect(await failed.process.counter.admit(failed.id, randomUserId())).toEqual({ kind: 'sold-out' });
    expect(await voidIt(failed)).toMatchObject({ kind: 'voided', burnt: { grant: { sequence: LIMIT } } });
    expect(await failed.process.counter.find(failed.id, failed.user)).toEqual({ kind: 'voided', sequence: LIMIT });
    expect(await failed.process.counter.admit(failed.id, randomUserId())).toMatchObject({ grant: { sequence: 4 } });
  });

  it('is complete without a leader', async () => {
    const failed = await aFailedGrant();
    await voidIt(failed);
    expect(await failed.process.voids.untold(null)).toEqual([]);
    await expectAdmitted(failed);
  });

  it('says the same again however often it is repeated, by however many at once', async () => {
    const failed = await aFailedGrant();
    const { process, leader, event } = failed;
    const processes = [process, leader, process, leader];
    const outcomes = await Promise.all(processes.map((each) => each.voidFailedEvent.execute(event.id, REASON)));
    outcomes.push(await voidIt(failed));
    expect(outcomes).toEqual(Array(5).fill(outcomes[0]));
    await expectAdmitted(failed);
    expect(await voidIt(failed)).toMatchObject({ kind: 'voided', burnt: { grant: { sequence: LIMIT } } });
    expect(await applyAll(process, failed.id, someUsers(5))).toEqual(new Map());
  });

  it('is done though the counter is away, and the leader finishes it', async () => {
    const failed = await aFailedGrant();
    const { world, process, leader } = failed;
    world.store.suffer('away');
    expect(await voidIt(failed)).toMatchObject({ kind: 'voided' });
    expect(await process.voids.untold(null)).toHaveLength(1);
    await expect(leader.finishVoids.execute()).rejects.toMatchObject({ name: 'Unavailable' });
    world.store.suffer('none');
    await expectAdmitted(failed);
  });

  it('is done though the counter did not answer', async () => {
    const failed = await aFailedGrant();
    failed.world.store.suffer('replies-lost');
    expect(await voidIt(failed)).toMatchObject({ kind: 'voided' });
    failed.world.store.suffer('none');
    await expectAdmitted(failed);
  });

  it('is done though the campaign is being rebuilt', async () => {
    const failed = await aFailedGrant();
    failed.world.store.lose(failed.id, 'users');
    expect(await voidIt(failed)).toMatchObject({ kind: 'voided' });
    expect(await failed.leader.finishVoids.execute()).toBe(0);
    await expectAdmitted(failed);
  });

  it('is left to the leader by a process that does not know the present incarnation', async () => {
    const failed = await aFailedGrant();
    const stranger = startProcess(failed.world);
    expect(stranger.known.value).toBeNull();
    expect(await stranger.voidFailedEvent.execute(failed.event.id, REASON)).toMatchObject({ kind: 'voided' });
    expect(await failed.process.voids.untold(null)).toHaveLength(1);
    await expectAdmitted(failed);
  });

  it('is not hindered by the event, when that is delivered again', async () => {
    const failed = await aFailedGrant();
    await voidIt(failed);
    failed.world.log.append(failed.event.grant);
    failed.world.log.append({ ...failed.event.grant, grantedAt: 1 });
    await failed.world.drain(failed.process);
    await expectAdmitted(failed);
  });

  it('takes a pending mark along that would never be cleared again', async () => {
    const failed = await aFailedGrant();
    const { world, process, id, user } = failed;
    const { meta, pending } = world.store.get(id);
    if (meta === null) throw new Error('the campaign is not open');
    pending.set(user, world.time.now());
    world.store.put(id, { meta: { ...meta, pendingCount: 1 } });
    await voidIt(failed);
    expect(await process.counter.standing(id)).toMatchObject({ kind: 'open', pending: 0 });
    await expectAdmitted(failed);
  });

  it('of an event that came too late burns nothing, and admits nobody', async () => {
    const { world, process } = await aWorld();
    const id = await anOpenCampaign(process, LIMIT);
    await lateGrant(world, process, id, randomUserId());
    const outcome = await process.voidFailedEvent.execute('1', REASON);
    expect(outcome).toMatchObject({ kind: 'voided', burnt: null });
    expect(await process.counter.standing(id)).toMatchObject({ ceiling: LIMIT, counter: 0 });
    expect(await process.reissueFailedEvents.all(id)).toEqual({ reissued: 0, remaining: 0, notReissuable: 0 });
  });

  it('wants a reason', async () => {
    const { process, event } = await aFailedGrant();
    for (const reason of ['', '  ', 'x'.repeat(201), '\ud800']) {
      await expect(process.voidFailedEvent.execute(event.id, reason)).rejects.toMatchObject({
        code: 'invalid-request',
      });
    }
    expect(await process.voidFailedEvent.execute(event.id, '\u{1f44b}'.repeat(200))).toMatchObject({ kind: 'voided' });
  });
});

describe.each(MOMENTS)('with its process stopped $moment', ({ moment, stop }) => {
  /** A void that was stopped; it answers only where it is woken. */
  const stopped = async (failed: FailedGrant) => {
    const call = stop(failed.process);
    const answer = voidIt(failed);
    await call.reached;
    return { answer, wake: () => call.goOn() };
  };
  /** A process that died before the record heard of the void leaves nothing that a leader could know of. */
  const repeatWhereNeeded = async ({ leader, event }: FailedGrant) => {
    if (moment === 'before voids.voidEvent') await leader.voidFailedEvent.execute(event.id, REASON);
  };

  it('for ever, the leader finishes the void: exactly one more gets in', async () => {
    const failed = await aFailedGrant();
    await stopped(failed);
    await repeatWhereNeeded(failed);
    await expectAdmitted(failed);
  });

  it('for ever, the operator may repeat it elsewhere', async () => {
    const failed = await aFailedGrant();
    await stopped(failed);
    const again = await failed.leader.voidFailedEvent.execute(failed.event.id, REASON);
    expect(again).toMatchObject({ kind: 'voided', burnt: { grant: { sequence: LIMIT } } });
    await expectAdmitted(failed);
  });

  it('until all is done, it does no harm when it wakes', async () => {
    const failed = await aFailedGrant();
    const { answer, wake } = await stopped(failed);
    await repeatWhereNeeded(failed);
    await expectAdmitted(failed);
    wake();
    expect(await answer).toMatchObject({ kind: 'voided', burnt: { grant: { sequence: LIMIT } } });
    await leaderRound(failed.world, failed.leader);
    expect(await applyAll(failed.process, failed.id, someUsers(5))).toEqual(new Map());
    expect(failed.world.coupons(failed.id)).toHaveLength(LIMIT);
  });

  it('while the campaign is rebuilt, exactly one more gets in', async () => {
    const failed = await aFailedGrant();
    const { answer, wake } = await stopped(failed);
    failed.world.store.lose(failed.id, 'users');
    await failed.world.finish(failed.leader.keepOpen());
    wake();
    await answer;
    await expectAdmitted(failed);
  });

  it('while the whole counter is lost and opened anew, exactly one more gets in', async () => {
    const failed = await aFailedGrant();
    const { answer, wake } = await stopped(failed);
    failed.world.store.restart(new Map());
    await failed.world.finish(failed.leader.keepOpen());
    await failed.process.known.refresh();
    wake();
    await answer;
    await expectAdmitted(failed);
  });

  it('while the limit is raised, the raise and the void both let in', async () => {
    const failed = await aFailedGrant();
    const { answer, wake } = await stopped(failed);
    await failed.leader.changeCampaign.execute(failed.id, { limit: LIMIT + 2 });
    wake();
    await answer;
    await expectAdmitted(failed, { more: 3, limit: LIMIT + 2 });
  });
});

describe.each(['issuance.raiseEpoch', 'session.close', 'session.survivors', 'issuance.snapshot', 'session.replace'])(
  'while a rebuild stands at %s',
  (call) => {
    it.each(['stopBefore', 'stopAfter'] as const)('a void is kept (%s)', async (way) => {
      const failed = await aFailedGrant();
      const { world, leader } = failed;
      world.store.lose(failed.id, 'users');
      const stop = leader.calls[way](call);
      const rebuilt = leader.keepOpen();
      let reached = false;
      stop.reached.then(
        () => {
          reached = true;
        },
        () => undefined,
      );
      await world.until(() => reached);
      expect(await voidIt(failed)).toMatchObject({ kind: 'voided' });
      stop.goOn();
      await world.finish(rebuilt);
      await expectAdmitted(failed);
    });
  },
);

describe('a void and a change of the limit', () => {
  const changes = ['campaigns.reserveVersion', 'counters.change', 'campaigns.settleVersion'];

  it.each(changes.flatMap((call) => [[call, 'stopBefore'] as const, [call, 'stopAfter'] as const]))(
    'agree on the limit when a lowering stands at %s (%s)',
    async (call, way) => {
      const failed = await aFailedGrant();
      const { world, process, leader, id } = failed;
      const stop = leader.calls[way](call);
      const lowered = leader.changeCampaign.execute(id, { limit: LIMIT - 1 });
      await stop.reached;
      await voidIt(failed);
      stop.goOn();
      await world.finish(lowered);
      for (let round = 0; round < 2; round += 1) await leaderRound(world, leader);
      await applyAll(process, id, someUsers(5));
      await world.drain(process);
      const record = await process.campaigns.find(id);
      expect(record?.limit).toBeGreaterThanOrEqual(LIMIT - 1);
      expect(world.coupons(id)).toHaveLength(record?.limit ?? 0);
      expect(await process.counter.standing(id)).toMatchObject({
        limit: record?.limit,
        ceiling: record?.ceiling,
        version: record?.version,
      });
    },
  );
});

describe('a void and a reissue of one event', () => {
  it('never both happen: the reissue finds it void', async () => {
    const failed = await aFailedGrant();
    const { leader, event } = failed;
    const stop = leader.calls.stopBefore('failedEvents.reissue');
    const reissued = leader.reissueFailedEvents.one(event.id);
    await stop.reached;
    expect(await voidIt(failed)).toMatchObject({ kind: 'voided' });
    stop.goOn();
    expect(await reissued).toMatchObject({ kind: 'not-reissuable' });
    await expectAdmitted(failed);
  });

  it('never both happen: the void finds a coupon', async () => {
    const failed = await aFailedGrant();
    const { world, process, leader, id, user, event } = failed;
    const stop = process.calls.stopBefore('voids.voidEvent');
    const answer = voidIt(failed);
    await stop.reached;
    await leader.reissueFailedEvents.one(event.id);
    stop.goOn();
    expect(await answer).toEqual({ kind: 'not-voidable', detail: 'it is reissued' });
    await leaderRound(world, leader);
    expect(await applyAll(process, id, someUsers(5))).toEqual(new Map());
    expect(new Map(world.coupons(id)).get(user)).toBe(LIMIT);
  });
});

describe('what is left of voids', () => {
  it('is told one by one: a campaign that is not open holds up no other', async () => {
    const { world, process } = await aWorld();
    const ids = [await anOpenCampaign(process, 1), await anOpenCampaign(process, 1)] as const;
    for (const id of ids) {
      const accept = refuseData(world, id);
      await applyAll(process, id, someUsers(1));
      await world.drain(process);
      accept();
    }
    world.store.suffer('away');
    for (const event of ['1', '2']) await process.voidFailedEvent.execute(event, REASON);
    world.store.suffer('none');
    world.store.lose(ids[0], 'meta');
    expect(await process.finishVoids.execute()).toBe(1);
    expect(await process.voids.untold(null)).toMatchObject([{ campaignId: ids[0] }]);
    await world.finish(process.keepOpen());
    expect(await process.finishVoids.execute()).toBe(1);
    expect(await process.finishVoids.execute()).toBe(0);
  });
});
