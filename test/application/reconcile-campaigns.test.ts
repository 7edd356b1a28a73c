import { describe, expect, it } from 'vitest';
import type { CampaignId } from '../../src/domain/campaign-id.ts';
import { Unavailable } from '../../src/domain/outage.ts';
import type { ReconciliationReport } from '../../src/domain/reconciliation.ts';
import { inMemorySurgery } from '../reconciliation/in-memory-surgery.ts';
import { crowd } from '../support/crowd.ts';
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

const never = new AbortController().signal;

const reconcile = (world: InMemoryWorld, { reconcileCampaigns }: InMemoryProcess): Promise<void> =>
  world.finish(reconcileCampaigns.execute(never), 300_000);

async function reportOf({ showReconciliation }: InMemoryProcess, id: CampaignId): Promise<ReconciliationReport> {
  const report = await showReconciliation.execute(id);
  if (report === null) throw new Error('no such campaign');
  return report;
}

const kindsOf = ({ verification }: ReconciliationReport): readonly string[] =>
  verification?.disagreements.first.map(({ kind, sequence }) => `${kind} ${sequence}`) ?? [];

/** A campaign of which so many users were granted a coupon that is recorded by now. */
async function aCampaign(world: InMemoryWorld, process: InMemoryProcess, granted = 10): Promise<CampaignId> {
  const id = await anOpenCampaign(process, 100);
  await grant(world, process, id, granted);
  return id;
}

async function grant(world: InMemoryWorld, process: InMemoryProcess, id: CampaignId, many: number): Promise<void> {
  const accepted = await applyAll(process, id, someUsers(many));
  expect(accepted.size).toBe(many);
  await world.drain(process);
  await world.pass(200);
}

const couponUser = (world: InMemoryWorld, id: CampaignId, sequence: number) => {
  const coupon = world.records.campaign(id).couponsBySequence.get(sequence);
  if (coupon === undefined) throw new Error(`${sequence} is no coupon`);
  return coupon.userId;
};

describe('a reconciliation', () => {
  it('verifies a campaign up to the counter that it sampled', async () => {
    const { world, process } = await aWorld();
    const id = await aCampaign(world, process);
    expect(await reportOf(process, id)).toEqual({ campaignId: id, verification: null, unverifiable: null });
    const sampledAt = world.time.now();
    await reconcile(world, process);
    expect(await reportOf(process, id)).toEqual({
      campaignId: id,
      unverifiable: null,
      verification: {
        epoch: 1,
        watermark: 10,
        sampledAt,
        verifiedAt: expect.any(Number),
        log: 'complete',
        evidence: { firsts: expect.any(Object), from: 1 },
        disagreements: { count: 0, first: [] },
      },
    });
    expect(await process.showReconciliation.execute(randomCampaignId())).toBeNull();
  });

  it('verifies nothing from the lowest pending grant on', async () => {
    const { world, process } = await aWorld();
    const id = await aCampaign(world, process, 4);
    await process.counter.admit(id, randomUserId());
    const [later] = someUsers(1);
    await applyAll(process, id, [later ?? randomUserId()]);
    await world.drain(process);
    await world.pass(200);
    await reconcile(world, process);
    const report = await reportOf(process, id);
    expect(report.verification).toMatchObject({ watermark: 4, disagreements: { count: 0 } });
  });

  it('counts no campaign that was never opened, or is archived', async () => {
    const { world, process } = await aWorld();
    const campaign = { id: randomCampaignId(), name: 'Never', limit: 5, startsAt: null, endsAt: null };
    await process.campaigns.create(campaign, world.time.now());
    const archived = await aCampaign(world, process);
    const shelf = world.records.campaign(archived);
    shelf.record = { ...shelf.record, archivedAt: world.time.now(), archivedGranted: 10 };
    await reconcile(world, process);
    expect(world.records.reconciliations.size).toBe(0);
  });

  it('waits until the consumers have passed the sample, and gives up where they are far behind', async () => {
    const { world, process } = await aWorld();
    const id = await aCampaign(world, process);
    await process.consumer.stop();
    await applyAll(process, id, someUsers(3));
    await world.pass(200);
    await expect(reconcile(world, process)).rejects.toBeInstanceOf(Unavailable);
    expect((await reportOf(process, id)).verification).toBeNull();
    const work = reconcile(world, process);
    await world.rest();
    process.consumer.start();
    await work;
    expect((await reportOf(process, id)).verification).toMatchObject({ watermark: 13, disagreements: { count: 0 } });
  });
});

describe('a process that stops', () => {
  it('does not finish what it was comparing', async () => {
    const { world, process } = await aWorld();
    const id = await aCampaign(world, process);
    const stopping = new AbortController();
    const stopped = process.calls.stopBefore('recordedHoldings.read');
    const work = process.reconcileCampaigns.execute(stopping.signal);
    await stopped.reached;
    stopping.abort();
    stopped.goOn();
    await expect(work).rejects.toBeInstanceOf(Unavailable);
    expect((await reportOf(process, id)).verification).toBeNull();
  });
});

describe('a disagreement', () => {
  it('that a second comparison does not find again is none', async () => {
    const { world, process } = await aWorld();
    const id = await aCampaign(world, process);
    const surgery = inMemorySurgery(world);
    const user = couponUser(world, id, 3);
    await surgery.dropCoupon(id, 3);
    const work = process.reconcileCampaigns.execute(never);
    await world.pass(3_000);
    await surgery.addCoupon(id, 3, user);
    await world.finish(work);
    expect((await reportOf(process, id)).verification).toMatchObject({ watermark: 10, disagreements: { count: 0 } });
    expect(world.journal.at('warn')).toEqual([]);
  });

  it('that a second comparison finds for the first time is found by the next', async () => {
    const { world, process } = await aWorld();
    const id = await aCampaign(world, process);
    const surgery = inMemorySurgery(world);
    const user = couponUser(world, id, 3);
    await surgery.dropCoupon(id, 3);
    const work = process.reconcileCampaigns.execute(never);
    await world.pass(3_000);
    await surgery.addCoupon(id, 3, user);
    await surgery.dropCoupon(id, 4);
    await world.finish(work);
    expect(kindsOf(await reportOf(process, id))).toEqual([]);
    world.time.advance(6_000);
    await reconcile(world, process);
    expect(kindsOf(await reportOf(process, id))).toEqual(['not-recorded 4']);
  });

  it('is told to the operator once, and so is its end', async () => {
    const { world, process } = await aWorld();
    const id = await aCampaign(world, process);
    const surgery = inMemorySurgery(world);
    const user = couponUser(world, id, 3);
    await surgery.dropCoupon(id, 3);
    for (let round = 0; round < 3; round += 1) {
      await reconcile(world, process);
      world.time.advance(6_000);
    }
    expect(world.journal.at('warn').map(({ message, details }) => [message, details])).toEqual([
      [
        'counter, event log and record disagree',
        { campaign: id, disagreements: 1, first: [expect.objectContaining({ kind: 'not-recorded', sequence: 3 })] },
      ],
    ]);
    await surgery.addCoupon(id, 3, user);
    const second = await anotherProcess(world);
    await reconcile(world, second);
    const last = world.journal.at('info').at(-1);
    expect(last).toMatchObject({ message: 'counter, event log and record agree again', details: { campaign: id } });
    expect((await reportOf(process, id)).verification?.disagreements.count).toBe(0);
  });

  it('is named at most twenty times, and counted', async () => {
    const { world, process } = await aWorld();
    const id = await aCampaign(world, process, 60);
    const surgery = inMemorySurgery(world);
    for (let sequence = 1; sequence <= 50; sequence += 1) await surgery.dropCoupon(id, sequence);
    await reconcile(world, process);
    const disagreements = (await reportOf(process, id)).verification?.disagreements;
    expect(disagreements?.count).toBe(50);
    expect(disagreements?.first).toHaveLength(20);
    expect(disagreements?.first[0]).toEqual({
      kind: 'not-recorded',
      sequence: 1,
      userId: expect.any(String),
      counter: expect.stringMatching(/^user \d+$/),
      record: null,
      log: expect.stringMatching(/^user \d+$/),
      detail: 'no coupon, no failed event that holds the slot, and not burnt',
    });
  });

  it('is no void of which the counter has yet to hear', async () => {
    const { world, process } = await aWorld();
    const id = await aCampaign(world, process);
    const accept = refuseData(world, id);
    await applyAll(process, id, someUsers(1));
    await world.drain(process);
    accept();
    await world.pass(200);
    const { items } = await process.failedEvents.page({ campaignId: id, status: 'open' }, { limit: 10, cursor: null });
    expect(items[0]).toMatchObject({ holdsSlot: true, grant: { sequence: 11 } });
    const died = process.calls.stopBefore('counters.voidUser');
    void process.voidFailedEvent.execute(items[0]?.id ?? '', 'a test');
    await died.reached;
    await reconcile(world, process);
    expect((await reportOf(process, id)).verification).toMatchObject({ watermark: 11, disagreements: { count: 0 } });
    await world.finish(process.finishVoids.execute());
    world.time.advance(600_000);
    await reconcile(world, process);
    expect((await reportOf(process, id)).verification).toMatchObject({ watermark: 11, disagreements: { count: 0 } });
  });
});

describe('a counter that cannot be compared', () => {
  it('is said to be unverifiable, and why, beside what was verified last', async () => {
    const { world, process } = await aWorld();
    const [id, other] = [await aCampaign(world, process), await aCampaign(world, process)];
    await reconcile(world, process);
    const verified = (await reportOf(process, id)).verification;
    world.store.lose(id, 'users');
    world.store.lose(other, 'meta');
    world.time.advance(6_000);
    await reconcile(world, process);
    expect(await reportOf(process, id)).toEqual({ campaignId: id, verification: verified, unverifiable: 'incomplete' });
    expect(await reportOf(process, other)).toMatchObject({ unverifiable: 'missing' });
    const kept = process.calls.count('reports.keep');
    world.time.advance(6_000);
    await reconcile(world, process);
    expect(process.calls.count('reports.keep')).toBe(kept);
    await world.finish(process.keepOpen());
    await reconcile(world, process);
    expect(await reportOf(process, id)).toMatchObject({
      unverifiable: null,
      verification: { epoch: 2, watermark: 10, disagreements: { count: 0 } },
    });
  });

  it('because too much is pending keeps what was verified last, and nobody is warned', async () => {
    const { world, process } = await aWorld();
    const id = await aCampaign(world, process);
    await reconcile(world, process);
    const verified = (await reportOf(process, id)).verification;
    crowd(world, id);
    world.time.advance(6_000);
    await reconcile(world, process);
    expect(await reportOf(process, id)).toEqual({ campaignId: id, verification: verified, unverifiable: 'crowded' });
    expect(process.calls.count('recordedHoldings.read')).toBe(1);
    expect(world.journal.at('warn')).toEqual([]);
  });

  it('because it was rebuilt meanwhile is compared anew', async () => {
    const { world, process } = await aWorld();
    const id = await aCampaign(world, process);
    // Lost with its holder: the rebuild burns the sequence while the comparison is on its way.
    const surgery = inMemorySurgery(world);
    const stopped = process.calls.stopBefore('recordedHoldings.read');
    const work = process.reconcileCampaigns.execute(never);
    await stopped.reached;
    await surgery.dropCoupon(id, 10);
    world.store.lose(id, 'users');
    await world.finish(process.keepOpen());
    await grant(world, process, id, 1);
    stopped.goOn();
    await world.finish(work);
    expect((await reportOf(process, id)).verification).toBeNull();
    await reconcile(world, process);
    expect((await reportOf(process, id)).verification).toMatchObject({ epoch: 2, disagreements: { count: 0 } });
  });
});

describe('the pace', { timeout: 30_000 }, () => {
  const looks = ({ calls }: InMemoryProcess): number => calls.count('recordedHoldings.read');
  /** What the leader does for so long. */
  const lead = async (world: InMemoryWorld, process: InMemoryProcess, seconds: number): Promise<void> => {
    for (let passed = 0; passed < seconds; passed += 5) {
      await reconcile(world, process);
      world.time.advance(5_000);
    }
  };

  it('slows down to ten minutes where nothing happens, and is back where something does', async () => {
    const { world, process } = await aWorld();
    const id = await aCampaign(world, process);
    await lead(world, process, 1_800);
    const first = looks(process);
    expect(first).toBeLessThan(15);
    await lead(world, process, 1_200);
    expect(looks(process) - first).toBeLessThanOrEqual(2);
    const before = looks(process);
    await grant(world, process, id, 1);
    await lead(world, process, 5);
    expect(looks(process)).toBe(before + 1);
    expect((await reportOf(process, id)).verification?.watermark).toBe(11);
  });

  it('rests twenty times as long as a round took', async () => {
    const { world, process } = await aWorld();
    const id = await aCampaign(world, process);
    const slow = process.calls.stopBefore('recordedHoldings.read');
    const work = process.reconcileCampaigns.execute(never);
    await slow.reached;
    world.time.advance(3_000);
    slow.goOn();
    await world.finish(work);
    await grant(world, process, id, 1);
    await lead(world, process, 50);
    expect(looks(process)).toBe(1);
    await lead(world, process, 20);
    expect(looks(process)).toBeGreaterThan(1);
  });

  it('does not slow down where something is wrong', async () => {
    const { world, process } = await aWorld();
    const id = await aCampaign(world, process);
    await inMemorySurgery(world).dropCoupon(id, 3);
    await lead(world, process, 100);
    expect(looks(process)).toBeGreaterThan(10);
  });
});

describe('an event log', () => {
  const loseEvents = async (world: InMemoryWorld, process: InMemoryProcess): Promise<void> => {
    world.log.recreate();
    await world.drain(process);
  };
  /** A grant of which the log has nothing. */
  const plantWithoutEvent = async (world: InMemoryWorld, id: CampaignId, sequence: number): Promise<void> => {
    const surgery = inMemorySurgery(world);
    const user = randomUserId();
    await surgery.count(id, user, sequence);
    await surgery.addToMeta(id, 'counter', 1);
    await surgery.addCoupon(id, sequence, user);
  };

  it('that was created again is compared from there on', async () => {
    const { world, process } = await aWorld();
    const id = await aCampaign(world, process);
    await reconcile(world, process);
    await loseEvents(world, process);
    await grant(world, process, id, 2);
    world.time.advance(6_000);
    await reconcile(world, process);
    expect((await reportOf(process, id)).verification).toMatchObject({ log: 'partial', disagreements: { count: 0 } });
    await plantWithoutEvent(world, id, 13);
    world.time.advance(6_000);
    await reconcile(world, process);
    const report = await reportOf(process, id);
    expect([report.verification?.log, kindsOf(report)]).toEqual(['partial', ['no-event 13']]);
  });

  it('that was created again is recognised by another leader', async () => {
    const { world, process } = await aWorld();
    const id = await aCampaign(world, process);
    await reconcile(world, process);
    const second = await anotherProcess(world);
    await reconcile(world, second);
    expect((await reportOf(second, id)).verification).toMatchObject({ log: 'complete', disagreements: { count: 0 } });
    await loseEvents(world, process);
    await grant(world, process, id, 2);
    const third = await anotherProcess(world);
    await reconcile(world, third);
    expect((await reportOf(third, id)).verification).toMatchObject({ log: 'partial', disagreements: { count: 0 } });
    const fourth = await anotherProcess(world);
    await reconcile(world, fourth);
    expect((await reportOf(fourth, id)).verification).toMatchObject({ log: 'partial', disagreements: { count: 0 } });
  });

  it('that has lost its beginning is compared only for campaigns that are younger', async () => {
    const { world, process } = await aWorld();
    const old = await aCampaign(world, process);
    for (const [partition, end] of world.log.end()) world.log.forget(partition, end);
    // Enough for every partition: the first record that is left says until when something may be missing.
    await grant(world, process, old, 60);
    world.time.advance(120_000);
    const young = await aCampaign(world, process, 3);
    const leader = await anotherProcess(world);
    await reconcile(world, leader);
    expect((await reportOf(leader, old)).verification).toMatchObject({ log: 'partial', disagreements: { count: 0 } });
    expect((await reportOf(leader, young)).verification).toMatchObject({
      log: 'complete',
      disagreements: { count: 0 },
    });
  });

  it('may hold claims that nobody granted', async () => {
    const { world, process } = await aWorld();
    const id = await aCampaign(world, process);
    world.log.append(aGrant(id, 3));
    world.log.append(aGrant(id, 2_000_000_000));
    world.log.append(aGrant(id, 105));
    world.log.append(aGrant(randomCampaignId(), 1));
    await world.drain(process);
    await reconcile(world, process);
    expect((await reportOf(process, id)).verification).toMatchObject({ log: 'complete', disagreements: { count: 0 } });
    await process.changeCampaign.execute(id, { limit: 200 });
    await grant(world, process, id, 100);
    world.time.advance(6_000);
    await reconcile(world, process);
    expect((await reportOf(process, id)).verification).toMatchObject({ watermark: 110, disagreements: { count: 0 } });
  });

  it('is not forgotten where the ceiling was too low for a while', async () => {
    const { world, process } = await aWorld();
    const id = await aCampaign(world, process);
    const shelf = world.records.campaign(id);
    const { ceiling } = shelf.record;
    shelf.record = { ...shelf.record, ceiling: 4 };
    await reconcile(world, process);
    expect(kindsOf(await reportOf(process, id))).toContain('ceiling null');
    shelf.record = { ...shelf.record, ceiling };
    world.time.advance(6_000);
    await reconcile(world, process);
    expect((await reportOf(process, id)).verification).toMatchObject({ watermark: 10, disagreements: { count: 0 } });
  });
});
