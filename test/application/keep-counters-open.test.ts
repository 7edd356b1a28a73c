import { describe, expect, it } from 'vitest';
import type { CounterCopy } from '../../src/adapters/in-memory/in-memory-counter-store.ts';
import type { CampaignId } from '../../src/domain/campaign-id.ts';
import { PUBLISH_DEADLINE } from '../../src/domain/publish-deadline.ts';
import { MOST_GAPS } from '../../src/domain/snapshot-gaps.ts';
import type { UserId } from '../../src/domain/user-id.ts';
import { inMemorySurgery } from '../reconciliation/in-memory-surgery.ts';
import type { InMemoryProcess } from '../support/in-memory-process.ts';
import {
  anOpenCampaign,
  anotherProcess,
  applyAll,
  aWorld,
  type InMemoryWorld,
  refuseData,
  someUsers,
} from '../support/in-memory-world.ts';
import { aGrant } from '../support/permanent-record.ts';
import { randomCampaignId, randomUserId } from '../support/random.ts';

const LIMIT = 10;

async function aRunningCampaign(applicants = 4) {
  const { world, process } = await aWorld();
  const id = await anOpenCampaign(process, LIMIT);
  const told = await applyAll(process, id, someUsers(applicants));
  await world.drain(process);
  return { world, process, id, told };
}

/** Everybody keeps what he was told, the rest of the limit is granted, no more than that, and all of it is recorded. */
async function nothingIsLost(
  world: InMemoryWorld,
  process: InMemoryProcess,
  id: CampaignId,
  told: ReadonlyMap<UserId, number>,
): Promise<void> {
  await process.known.refresh();
  // First somebody new, who would be given the sequence of whoever was forgotten.
  await applyAll(process, id, someUsers(1));
  expect(await applyAll(process, id, [...told.keys()])).toEqual(told);
  await applyAll(process, id, someUsers(LIMIT + 5));
  await world.drain(process);
  const coupons = new Map(world.coupons(id));
  for (const [user, sequence] of told) expect(coupons.get(user)).toBe(sequence);
  expect(coupons.size).toBe(LIMIT);
  expect(await applyAll(process, id, [...coupons.keys()])).toEqual(coupons);
}

/** Whoever was told a sequence is told the same or nothing at all, and nobody else is told it. */
async function grantsNothingWrong(
  process: InMemoryProcess,
  id: CampaignId,
  told: ReadonlyMap<UserId, number>,
): Promise<void> {
  const taken = new Set(told.values());
  for (const sequence of (await applyAll(process, id, someUsers(1))).values()) expect(taken).not.toContain(sequence);
  for (const [user, sequence] of await applyAll(process, id, [...told.keys()])) {
    expect(sequence).toBe(told.get(user));
  }
}

const epochOf = async ({ counter }: InMemoryProcess, id: CampaignId): Promise<number | string> => {
  const standing = await counter.standing(id);
  return standing.kind === 'open' ? standing.epoch : standing.reason;
};

describe('a fresh start', () => {
  it('opens the counter at once where no campaign is to be rebuilt', async () => {
    const { world, process } = await aWorld();
    expect(world.time.monotonic()).toBe(0);
    const id = await anOpenCampaign(process, LIMIT);
    await nothingIsLost(world, process, id, new Map());
  });

  it('changes nothing about counters that are open', async () => {
    const { world, process, id, told } = await aRunningCampaign();
    await process.keepOpen();
    await process.keepOpen();
    expect(await epochOf(process, id)).toBe(1);
    await nothingIsLost(world, process, id, told);
  });
});

describe('a counter that lost its scripts', () => {
  it('is opened under a new incarnation, with every campaign rebuilt, however right it looks', async () => {
    const { world, process, id, told } = await aRunningCampaign();
    const before = process.known.value?.number ?? 0;
    world.store.restart();
    await world.finish(process.keepOpen());
    expect(process.known.value?.number).toBe(before + 1);
    expect(await epochOf(process, id)).toBe(2);
    await nothingIsLost(world, process, id, told);
  });

  it('is used again by processes that had known the old incarnation, after one refusal', async () => {
    const { world, process, id, told } = await aRunningCampaign();
    const api = await anotherProcess(world);
    world.store.restart();
    await world.finish(process.keepOpen());
    const user = randomUserId();
    expect(await api.applyForCoupon.execute(id, user)).toEqual({ kind: 'rebuilding', reason: 'fenced' });
    await world.rest();
    expect(await api.applyForCoupon.execute(id, user)).toMatchObject({ kind: 'accepted' });
    await nothingIsLost(world, api, id, told);
  });

  it('and its tail with them gives nobody else the sequences of the tail', async () => {
    const { world, process, id, told } = await aRunningCampaign(2);
    const older = world.store.copy();
    const tail = await applyAll(process, id, someUsers(3));
    world.store.restart(older);
    await world.finish(process.keepOpen());
    await nothingIsLost(world, process, id, new Map([...told, ...tail]));
  });

  it('and its tail serves nobody before its campaigns are closed', async () => {
    const { world, process, id, told } = await aRunningCampaign(2);
    const api = await anotherProcess(world);
    const older = world.store.copy();
    const tail = await applyAll(process, id, someUsers(3));
    world.store.restart(older);
    const closing = process.calls.stopBefore('session.close');
    const rebuild = process.keepOpen();
    await closing.reached;
    await api.known.refresh();
    expect(await api.applyForCoupon.execute(id, randomUserId())).toEqual({ kind: 'rebuilding', reason: 'fenced' });
    closing.goOn();
    await world.finish(rebuild);
    await nothingIsLost(world, process, id, new Map([...told, ...tail]));
  });

  it('and everything else is rebuilt from the record', async () => {
    const { world, process, id, told } = await aRunningCampaign();
    world.store.restart(new Map());
    await world.finish(process.keepOpen());
    await nothingIsLost(world, process, id, told);
  });

  it('lets campaigns be created while others are being rebuilt', async () => {
    const { world, process } = await aRunningCampaign();
    world.store.restart();
    const rebuild = process.keepOpen();
    await world.rest();
    const id = await anOpenCampaign(process, LIMIT);
    await nothingIsLost(world, process, id, new Map());
    await world.finish(rebuild);
    expect(await epochOf(process, id)).toBe(1);
  });

  it('serves running campaigns first, then those to come, then those that ended', async () => {
    const { world, process } = await aWorld();
    const now = world.time.now();
    const ended = await anOpenCampaign(process, 1, { endsAt: now - 1 });
    const scheduled = await anOpenCampaign(process, 1, { startsAt: now + 3_600_000 });
    const running = await anOpenCampaign(process, 1, { startsAt: now - 1, endsAt: now + 3_600_000 });
    world.store.restart();
    await world.finish(process.keepOpen());
    const reopened = world.journal.lines.filter(({ message }) => message === 'campaign reopened');
    expect(reopened.map(({ details }) => details['campaign'])).toEqual([running, scheduled, ended]);
  });

  it('tries one whose rebuild failed after all others, so that it holds nobody up for longer than a round', async () => {
    const { world, process } = await aWorld();
    const ids: CampaignId[] = [];
    for (let count = 0; count < 8; count += 1) ids.push(await anOpenCampaign(process, 1));
    world.store.restart();
    process.calls.stopBefore('issuance.snapshot').fail(new Error('it cannot be rebuilt'));
    await expect(world.finish(process.keepOpen())).rejects.toThrow('it cannot be rebuilt');
    await world.finish(process.keepOpen());
    const reopened = world.journal.lines.filter(({ message }) => message === 'campaign reopened');
    const order = reopened.map(({ details }) => details['campaign']);
    expect(new Set(order)).toEqual(new Set(ids));
    expect(order.at(-1)).toBe(ids.toSorted()[0]);
  });

  it('opens every campaign but the one with a forged coupon a million numbers above its last grant', async () => {
    const { world, process } = await aWorld();
    const limit = MOST_GAPS + 10;
    const ids: CampaignId[] = [];
    for (let count = 0; count < 9; count += 1) ids.push(await anOpenCampaign(process, limit));
    // The first to be rebuilt, as long as nobody knows that it fails.
    const [forged = randomCampaignId(), ...others] = ids.toSorted();
    world.log.append(aGrant(forged, limit));
    await world.drain(process);
    world.store.restart();
    const refused = /cannot be rebuilt: 1000009 sequences .* forged coupon/;
    await expect(world.finish(process.keepOpen())).rejects.toThrow(refused);
    await expect(world.finish(process.keepOpen())).rejects.toThrow(refused);
    for (const id of others) expect(await applyAll(process, id, someUsers(1))).toHaveProperty('size', 1);
    expect(await epochOf(process, forged)).toBe('closed');

    const said = expect(world.finish(process.keepOpen())).rejects.toThrow(refused);
    await world.pass(1_000);
    for (const id of others) expect(await applyAll(process, id, someUsers(1))).toHaveProperty('size', 1);
    await said;
    await inMemorySurgery(world).dropCoupon(forged, limit);
    await world.finish(process.keepOpen());
    expect(await applyAll(process, forged, someUsers(1))).toHaveProperty('size', 1);
  });

  it('has one wait for all campaigns', async () => {
    const { world, process } = await aWorld();
    for (let count = 0; count < 20; count += 1) await anOpenCampaign(process, 1);
    const before = world.time.monotonic();
    world.store.restart();
    await world.finish(process.keepOpen());
    expect(world.time.monotonic() - before).toBeLessThan(3_000);
  });
});

describe('a campaign that lost something by itself', () => {
  it('is rebuilt from the record when everything is wiped', async () => {
    const { world, process, id, told } = await aRunningCampaign();
    world.store.wipe();
    await world.finish(process.keepOpen());
    await nothingIsLost(world, process, id, told);
  });

  it.each(['meta', 'users', 'pending'] as const)('is rebuilt when its %s are gone', async (part) => {
    const { world, process, id, told } = await aRunningCampaign();
    await process.counter.admit(id, randomUserId());
    world.store.lose(id, part);
    expect(await epochOf(process, id)).not.toBe(1);
    await world.finish(process.keepOpen());
    expect(await epochOf(process, id)).toBe(2);
    await nothingIsLost(world, process, id, told);
  });

  it('is rebuilt when a single user is gone', async () => {
    const { world, process, id, told } = await aRunningCampaign();
    const [user] = told.keys();
    expect(user !== undefined && world.store.get(id).users.delete(user)).toBe(true);
    await world.finish(process.keepOpen());
    await nothingIsLost(world, process, id, told);
  });

  it('leaves the others open meanwhile', async () => {
    const { world, process, id } = await aRunningCampaign();
    const other = await anOpenCampaign(process, LIMIT);
    world.store.lose(id, 'users');
    const rebuild = process.keepOpen();
    await world.pass(1_000);
    expect(await process.applyForCoupon.execute(other, randomUserId())).toMatchObject({ kind: 'accepted' });
    expect(await process.applyForCoupon.execute(id, randomUserId())).toMatchObject({ kind: 'rebuilding' });
    await world.finish(rebuild);
    expect(await epochOf(process, other)).toBe(1);
  });

  it('grants again the slots of sequences that nobody was told', async () => {
    const { world, process, id, told } = await aRunningCampaign();
    for (const user of someUsers(3)) await process.counter.admit(id, user);
    const last = await applyAll(process, id, someUsers(1));
    world.store.lose(id, 'users');
    await world.finish(process.keepOpen());
    expect(await process.issuance.account(id, { epoch: 2, counter: 0, pending: [] })).toMatchObject({ burnt: 3 });
    await nothingIsLost(world, process, id, new Map([...told, ...last]));
  });
});

describe('an older copy that is whole in itself, taken over by a counter that keeps its scripts', () => {
  it('is closed and rebuilt in the round after what it does not know was recorded', async () => {
    const { world, process, id, told } = await aRunningCampaign(2);
    const older = world.store.copy();
    const tail = await applyAll(process, id, someUsers(3));
    await world.drain(process);
    world.store.restore(older);
    const rebuild = process.keepOpen();
    await world.rest();
    expect(await process.applyForCoupon.execute(id, randomUserId())).toMatchObject({ kind: 'rebuilding' });
    await world.finish(rebuild);
    expect(await epochOf(process, id)).toBe(2);
    await nothingIsLost(world, process, id, new Map([...told, ...tail]));
  });

  it('is closed and rebuilt for a failed event that holds a slot above its counter', async () => {
    const { world, process, id, told } = await aRunningCampaign(2);
    const older = world.store.copy();
    const allow = refuseData(world, id);
    const tail = await applyAll(process, id, someUsers(1));
    await world.drain(process);
    allow();
    world.store.restore(older);
    await world.finish(process.keepOpen());
    const [[, next] = []] = await applyAll(process, id, someUsers(1));
    expect(next).toBe(4);
    expect(await applyAll(process, id, [...told.keys()])).toEqual(told);
    expect(tail.size).toBe(1);
  });

  it('grants nothing to whoever asks a process that has seen more of it, and is rebuilt', async () => {
    const { world, process, id, told } = await aRunningCampaign(2);
    const older = world.store.copy();
    process.calls.away('coupons', 'database');
    const tail = await applyAll(process, id, someUsers(3));
    expect(tail.size).toBe(3);
    world.store.restore(older);
    expect(await process.applyForCoupon.execute(id, randomUserId())).toMatchObject({ kind: 'rebuilding' });
    process.calls.back('coupons');
    await world.finish(process.keepOpen());
    await nothingIsLost(world, process, id, new Map([...told, ...tail]));
  });

  it('is closed and rebuilt where the leader has seen more of it, though nothing of that is recorded', async () => {
    const { world, process, id, told } = await aRunningCampaign(2);
    const older = world.store.copy();
    process.calls.away('coupons', 'database');
    const tail = await applyAll(process, id, someUsers(3));
    const leader = await anotherProcess(world);
    await leader.keepOpen();
    world.store.restore(older);
    const rebuild = leader.keepOpen();
    await world.rest();
    const newcomer = await anotherProcess(world);
    expect(await newcomer.applyForCoupon.execute(id, randomUserId())).toMatchObject({ kind: 'rebuilding' });
    process.calls.back('coupons');
    await world.finish(rebuild);
    await nothingIsLost(world, process, id, new Map([...told, ...tail]));
  });

  it('of an earlier epoch is closed and rebuilt, whatever is recorded', async () => {
    const { world, process, id, told } = await aRunningCampaign();
    const older = world.store.copy();
    world.store.lose(id, 'users');
    await world.finish(process.keepOpen());
    world.store.restore(older);
    await world.finish(process.keepOpen());
    expect(await epochOf(process, id)).toBe(3);
    await nothingIsLost(world, process, id, told);
  });

  it.each(['campaigns.active', 'issuance.highest', 'counter.standing'])(
    'is not suspected where grants are recorded around %s',
    async (step) => {
      const { world, process, id, told } = await aRunningCampaign(1);
      const leader = await anotherProcess(world);
      const all = new Map(told);
      const stops = [leader.calls.stopBefore(step), leader.calls.stopAfter(step)];
      const round = leader.keepOpen();
      for (const call of stops) {
        await call.reached;
        for (const [user, sequence] of await applyAll(process, id, someUsers(2))) all.set(user, sequence);
        await world.drain(process);
        call.goOn();
      }
      await round;
      expect(await epochOf(process, id)).toBe(1);
      await nothingIsLost(world, process, id, all);
    },
  );
});

describe('grants that are under way when the counter is closed', () => {
  it('are kept where their event is acknowledged just before the deadline', async () => {
    const { world, process, id, told } = await aRunningCampaign();
    const api = await anotherProcess(world);
    const user = randomUserId();
    const [handOver, acknowledgement] = [
      api.calls.stopBefore('publisher.publish'),
      api.calls.stopAfter('publisher.publish'),
    ];
    const applied = api.applyForCoupon.execute(id, user);
    await handOver.reached;
    world.store.wipe();
    const rebuild = process.keepOpen();
    await world.pass(1_000);
    handOver.goOn();
    await acknowledgement.reached;
    await world.pass(1_000);
    acknowledgement.goOn();
    const answer = await applied;
    expect(answer).toMatchObject({ kind: 'accepted', grant: { sequence: 5 } });
    await world.finish(rebuild);
    await nothingIsLost(world, process, id, new Map([...told, [user, 5]]));
  });

  it('are kept where their event reaches the log at the very end of its time, and a slow consumer', async () => {
    const { world, process, id, told } = await aRunningCampaign();
    const user = randomUserId();
    const admission = await process.counter.admit(id, user);
    if (admission.kind !== 'granted') throw new Error(admission.kind);
    world.store.wipe();
    const rebuild = process.keepOpen();
    await world.pass(PUBLISH_DEADLINE);
    process.calls.away('coupons', 'database');
    world.log.append(admission.grant);
    await world.pass(5_000);
    process.calls.back('coupons');
    await world.finish(rebuild);
    await nothingIsLost(world, process, id, new Map([...told, [user, 5]]));
  });

  it('are kept where they survive in the counter, though nobody was told', async () => {
    const { world, process, id, told } = await aRunningCampaign();
    const user = randomUserId();
    await process.counter.admit(id, user);
    world.store.restart();
    await world.finish(process.keepOpen());
    expect(new Map(world.coupons(id)).get(user)).toBe(5);
    await nothingIsLost(world, process, id, new Map([...told, [user, 5]]));
  });

  it('are kept where they survive in the counter and the consumer is slow', async () => {
    const { world, process, id, told } = await aRunningCampaign();
    const user = randomUserId();
    await process.counter.admit(id, user);
    process.calls.away('coupons', 'database');
    world.store.restart();
    const rebuild = process.keepOpen();
    await world.pass(10_000);
    expect(await epochOf(process, id)).toBe('closed');
    process.calls.back('coupons');
    await world.finish(rebuild);
    await nothingIsLost(world, process, id, new Map([...told, [user, 5]]));
  });

  it('are kept where the consumer is slow: nothing is reopened before it has passed them', async () => {
    const { world, process, id, told } = await aRunningCampaign();
    process.calls.away('coupons', 'database');
    const tail = await applyAll(process, id, someUsers(3));
    world.store.wipe();
    const rebuild = process.keepOpen();
    await world.pass(30_000);
    expect(await epochOf(process, id)).toBe('closed');
    process.calls.back('coupons');
    await world.finish(rebuild);
    await nothingIsLost(world, process, id, new Map([...told, ...tail]));
  });

  it('are kept where the group has lost its offsets and reads everything again', async () => {
    const { world, process, id, told } = await aRunningCampaign();
    world.store.wipe();
    world.log.group('coupon-issuance').loseCommits();
    await world.finish(process.keepOpen());
    await nothingIsLost(world, process, id, told);
  });

  it('come too late once the counter is open again, and their reissue is a normal admission', async () => {
    const { world, process, id, told } = await aRunningCampaign();
    const [late, next] = [randomUserId(), randomUserId()];
    const admission = await process.counter.admit(id, late);
    world.store.wipe();
    await world.finish(process.keepOpen());
    const after = await applyAll(process, id, [next]);
    expect(after.get(next)).toBe(5);
    if (admission.kind === 'granted') world.log.append(admission.grant);
    await world.drain(process);

    expect(new Map(world.coupons(id)).get(late)).toBeUndefined();
    expect(await process.failedEvents.openFailureOf(id, late)).toMatchObject({ reason: 'late-epoch' });
    await process.reissueFailedEvents.due();
    await world.drain(process);
    expect(new Map(world.coupons(id)).get(late)).toBe(6);
    await nothingIsLost(world, process, id, new Map([...told, ...after, [late, 6]]));
  });
});

const REOPENING = [
  'session.survivors',
  'publisher.publish',
  'progress.end',
  'progress.committed',
  'issuance.snapshot',
  'session.replace',
];
const CLOSING = ['issuance.raiseEpoch', 'session.close'];
const OPENING = ['opening.begin', 'incarnations.current', 'session.isServing'];
/** What a round calls, by what was lost. */
const STEPS = {
  whole: [
    ...OPENING,
    'incarnations.raise',
    'session.fence',
    'campaigns.all',
    ...CLOSING,
    'session.closeOthers',
    'session.serve',
    ...REOPENING,
  ],
  single: [...OPENING, 'campaigns.active', 'issuance.highest', 'counter.standing', ...CLOSING, ...REOPENING],
};

interface Loss {
  readonly of: string;
  readonly steps: readonly string[];
  /** Pending grants survive it, and are published again. */
  readonly leavesSurvivors: boolean;
  happen(world: InMemoryWorld, id: CampaignId): void;
}

const LOSSES: readonly Loss[] = [
  { of: 'its scripts', steps: STEPS.whole, leavesSurvivors: true, happen: ({ store }) => store.restart() },
  {
    of: 'everything in a restart',
    steps: STEPS.whole,
    leavesSurvivors: false,
    happen: ({ store }) => store.restart(new Map()),
  },
  { of: 'everything by command', steps: STEPS.single, leavesSurvivors: false, happen: ({ store }) => store.wipe() },
  ...(['meta', 'users', 'pending'] as const).map((part) => ({
    of: `the key ${part}`,
    steps: STEPS.single,
    leavesSurvivors: false,
    happen: ({ store }: InMemoryWorld, id: CampaignId) => store.lose(id, part),
  })),
];

const stagesOf = ({ of, steps, leavesSurvivors, happen }: Loss) =>
  steps
    .filter((step) => leavesSurvivors || step !== 'publisher.publish')
    .flatMap((step) => (['before', 'after'] as const).map((when) => ({ of, when, step, happen })));

const stopAt = ({ calls }: InMemoryProcess, when: 'before' | 'after', step: string) =>
  when === 'before' ? calls.stopBefore(step) : calls.stopAfter(step);

const hasEpoch = ({ when, step }: ReturnType<typeof stagesOf>[number]): boolean =>
  (step === 'issuance.raiseEpoch' && when === 'after') ||
  ['session.close', 'session.closeOthers', 'session.serve', ...REOPENING].includes(step);

const hasReopened = ({ when, step }: ReturnType<typeof stagesOf>[number]): boolean =>
  step === 'session.replace' && when === 'after';

/** A running campaign with a pending grant that was lost something of, and a leader who fell asleep over it. */
async function aLeaderAsleep({ when, step, happen }: ReturnType<typeof stagesOf>[number]) {
  const { world, process, id, told } = await aRunningCampaign();
  const first = await anotherProcess(world);
  const copy = world.store.copy();
  const tail = await applyAll(process, id, someUsers(1));
  await process.counter.admit(id, randomUserId());
  happen(world, id);
  const call = stopAt(first, when, step);
  const asleep = first.keepOpen();
  asleep.catch(() => undefined);
  await world.until(() => Promise.race([call.reached.then(() => true), world.rest().then(() => false)]));
  return { world, process, id, told: new Map([...told, ...tail]), call, asleep, copy };
}

describe('a leader that dies or falls asleep in the middle', () => {
  it.each(LOSSES.flatMap(stagesOf))(
    '$when $step, after the counter lost $of: the next one opens it, and the first does no harm when it wakes up',
    async (stage) => {
      const { world, process, id, told, call, asleep } = await aLeaderAsleep(stage);
      await world.finish(process.keepOpen());
      const between = await applyAll(process, id, someUsers(2));
      expect(between.size).toBe(2);
      const epoch = await epochOf(process, id);
      call.goOn();
      await world.finish(asleep.catch(() => undefined));
      // Whoever has not taken his epoch yet takes the next one, and rebuilds once more.
      if (hasEpoch(stage)) expect(await epochOf(process, id)).toBe(epoch);
      await world.finish(process.keepOpen());
      await nothingIsLost(world, process, id, new Map([...told, ...between]));
    },
  );

  it.each(LOSSES.flatMap(stagesOf).filter((stage) => hasEpoch(stage) && !hasReopened(stage)))(
    '$when $step, after the counter lost $of, and wakes up while the next one is waiting: opens nothing',
    async (stage) => {
      const { world, process, id, told, call, asleep } = await aLeaderAsleep(stage);
      const next = process.keepOpen();
      await world.pass(1_000);
      call.goOn();
      await world.rest();
      await process.known.refresh();
      expect(await process.applyForCoupon.execute(id, randomUserId())).toMatchObject({ kind: 'rebuilding' });
      await world.finish(Promise.allSettled([asleep, next]));
      await world.finish(process.keepOpen());
      await nothingIsLost(world, process, id, told);
    },
  );

  it('is followed by one that finishes a campaign that was left closed', async () => {
    const { world, process, id, told } = await aRunningCampaign();
    const dead = await anotherProcess(world);
    world.store.lose(id, 'users');
    const crash = dead.calls.stopBefore('issuance.snapshot');
    void dead.keepOpen();
    await world.until(() => Promise.race([crash.reached.then(() => true), world.rest().then(() => false)]));
    expect(await epochOf(process, id)).toBe('closed');
    await world.finish(process.keepOpen());
    expect(await epochOf(process, id)).toBe(3);
    await nothingIsLost(world, process, id, told);
  });

  it('is not needed twice: two at once end with the campaign open', async () => {
    const { world, process, id, told } = await aRunningCampaign();
    const other = await anotherProcess(world);
    world.store.restart(new Map());
    const both = Promise.allSettled([process.keepOpen(), other.keepOpen()]);
    await world.finish(both);
    await world.finish(process.keepOpen());
    await nothingIsLost(world, process, id, told);
  });
});

describe('a rebuild that cannot go on', () => {
  const OLDER_COPY = 'an older copy is taken over';
  const CHANGES: Readonly<Record<string, (world: InMemoryWorld, copy: CounterCopy, id: CampaignId) => void>> = {
    'the server starts again': ({ store }) => store.restart(),
    'an older server takes its place': ({ store }, copy) => store.restart(copy),
    'an empty server takes its place': ({ store }) => store.restart(new Map()),
    'everything is deleted': ({ store }) => store.wipe(),
    [OLDER_COPY]: ({ store }, copy) => store.restore(copy),
    'its meta is deleted': ({ store }, _, id) => store.lose(id, 'meta'),
    'its users are deleted': ({ store }, _, id) => store.lose(id, 'users'),
    'its pending marks are deleted': ({ store }, _, id) => store.lose(id, 'pending'),
  };
  const [lostScripts, , lostAll] = LOSSES;
  const stages = [lostScripts, lostAll].flatMap((loss) => (loss === undefined ? [] : stagesOf(loss)));

  describe.each(Object.keys(CHANGES))('because %s', (change) => {
    it.each(stages)('$when $step, after the counter lost $of, starts over', async (stage) => {
      const { world, process, id, told, call, asleep, copy } = await aLeaderAsleep(stage);
      CHANGES[change]?.(world, copy, id);
      call.goOn();
      await world.finish(asleep.catch(() => undefined));
      // Whole, and on a server with its scripts: only who has seen more of it can tell before the next round.
      const asked = change === OLDER_COPY ? process : await anotherProcess(world);
      await grantsNothingWrong(asked, id, told);
      for (let round = 1; round <= 2; round += 1) await world.finish(process.keepOpen());
      await nothingIsLost(world, process, id, told);
    });
  });

  it.each([
    ['progress', 'event-log'],
    ['issuance', 'database'],
    ['session', 'counter'],
  ] as const)(
    'leaves the campaign closed while %s is away, and the next round starts over',
    async (port, dependency) => {
      const { world, process, id, told } = await aRunningCampaign();
      world.store.lose(id, 'users');
      const rebuild = process.keepOpen();
      rebuild.catch(() => undefined);
      await world.pass(1_000);
      process.calls.away(port, dependency);
      await expect(world.finish(rebuild)).rejects.toThrow('away');
      expect(await epochOf(process, id)).toBe('closed');
      process.calls.back(port);
      await world.finish(process.keepOpen());
      await nothingIsLost(world, process, id, told);
    },
  );

  it.each(['lost its scripts', 'lost something by itself'] as const)(
    'says once that a campaign is closed, however often the rebuild of one that %s is begun anew',
    async (loss) => {
      const { world, process, id } = await aRunningCampaign();
      const said = () => world.journal.lines.filter(({ message }) => message === 'campaign closed').length;
      const lose = () => (loss === 'lost its scripts' ? world.store.restart() : world.store.lose(id, 'users'));
      lose();
      process.calls.away('progress', 'event-log');
      for (let round = 1; round <= 4; round += 1) await world.finish(process.keepOpen()).catch(() => undefined);
      expect(said()).toBe(1);
      process.calls.back('progress');
      await world.finish(process.keepOpen());
      lose();
      await world.finish(process.keepOpen());
      expect(said()).toBe(2);
    },
  );

  it('keeps a survivor pending until the event log takes it', async () => {
    const { world, process, id, told } = await aRunningCampaign();
    const user = randomUserId();
    await process.counter.admit(id, user);
    world.store.restart();
    world.log.suffer('away');
    await expect(world.finish(process.keepOpen())).rejects.toThrow('away');
    world.log.suffer('none');
    await world.finish(process.keepOpen());
    expect(new Map(world.coupons(id)).get(user)).toBe(5);
    await nothingIsLost(world, process, id, told);
  });

  it('ends soon when it is stopped, without skipping the rest of the wait', async () => {
    const { world, process, id, told } = await aRunningCampaign();
    world.store.lose(id, 'users');
    const stop = new AbortController();
    const rebuild = process.keepOpen(stop.signal);
    await world.pass(500);
    const before = world.time.monotonic();
    stop.abort();
    await expect(world.finish(rebuild)).rejects.toMatchObject({ name: 'Unavailable' });
    expect(world.time.monotonic()).toBe(before);
    expect(process.calls.count('issuance.snapshot')).toBe(0);
    expect(await epochOf(process, id)).toBe('closed');
    await world.finish(process.keepOpen());
    await nothingIsLost(world, process, id, told);
  });

  it('ends soon when it is stopped while the consumer does not come on', async () => {
    const { world, process, id } = await aRunningCampaign();
    process.calls.away('coupons', 'database');
    await applyAll(process, id, someUsers(1));
    world.store.lose(id, 'users');
    const stop = new AbortController();
    const rebuild = process.keepOpen(stop.signal);
    rebuild.catch(() => undefined);
    await world.pass(10_000);
    stop.abort();
    await expect(world.finish(rebuild, 100)).rejects.toMatchObject({ name: 'Unavailable' });
  });

  it('gives its connection back in any case', async () => {
    const { world, process, id } = await aRunningCampaign();
    const [begun, ended] = [process.calls.count('opening.begin'), process.calls.count('session.end')];
    await process.keepOpen();
    world.store.lose(id, 'users');
    process.calls.away('issuance', 'database');
    await expect(process.keepOpen()).rejects.toThrow('away');
    expect(process.calls.count('opening.begin') - begun).toBe(2);
    expect(process.calls.count('session.end') - ended).toBe(2);
  });
});
