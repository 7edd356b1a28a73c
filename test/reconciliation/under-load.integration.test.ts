import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { TOKENS as T } from '../../src/bootstrap/tokens.ts';
import type { CampaignId } from '../../src/domain/campaign-id.ts';
import { isOutage } from '../../src/domain/outage.ts';
import type { ReconciliationReport } from '../../src/domain/reconciliation.ts';
import { eventually } from '../support/eventually.ts';
import { randomUserId } from '../support/random.ts';
import { describeWithRedisServer } from '../support/redis-server.ts';
import { useRealInstallation } from './use-real-installation.ts';

const AT_LEAST = 10_000;
const AT_MOST = 90_000;
const VERIFIED = 8;
const never = new AbortController().signal;

describeWithRedisServer('a clean installation under load', () => {
  const onRealServers = useRealInstallation();

  it('raises no alarm while coupons are granted, abandoned, voided, reissued, raised, lowered and rebuilt', {
    timeout: 180_000,
  }, async () => {
    const { installation } = onRealServers();
    const get = installation.get.bind(installation);
    const ids = [await installation.open(400), await installation.open(400)];
    installation.refuses = ({ sequence }) => sequence % 23 === 0;
    const reconciler = installation.reconciler(500);
    const done = new AbortController();
    const startedAt = performance.now();
    const counts = { accepted: 0, refused: 0, looks: 0, voided: 0, reissued: 0, changes: 0, rebuilds: 0, abandoned: 0 };
    const alarms: ReconciliationReport[] = [];
    const verified = new Set<number>();

    /** A slow machine takes longer to have verified as much. */
    const isGoingOn = (): boolean => {
      const elapsed = performance.now() - startedAt;
      return elapsed < AT_LEAST || (elapsed < AT_MOST && (verified.size < VERIFIED || counts.rebuilds < 2));
    };
    const repeat = async (every: number, work: () => Promise<unknown>): Promise<void> => {
      while (!done.signal.aborted) {
        // A campaign that is being rebuilt, or a store that was asked too much at once: the service says so, and is asked again.
        await work().catch((error: unknown) => {
          if (!isOutage(error)) throw error;
        });
        await sleep(every);
      }
    };
    const applying = async (id: CampaignId) => {
      while (isGoingOn()) {
        const next = sleep(25);
        const answers = await Promise.all(
          Array.from({ length: 5 }, () =>
            get(T.applyForCoupon)
              .execute(id, randomUserId())
              .catch(() => ({ kind: 'failed' as const })),
          ),
        );
        const accepted = answers.filter(({ kind }) => kind === 'accepted').length;
        counts.accepted += accepted;
        counts.refused += answers.length - accepted;
        await next;
      }
    };
    /** A process that died between a grant and its event: the grant stays pending until the leader publishes it. */
    const dying = async () => {
      for (const id of ids) {
        if ((await get(T.issuanceCounter).admit(id, randomUserId())).kind === 'granted') counts.abandoned += 1;
      }
    };
    const operating = async () => {
      const { items } = await get(T.failedEventStore).page(
        { campaignId: null, status: 'open' },
        { limit: 100, cursor: null },
      );
      for (const [index, { id }] of items.entries()) {
        if (index % 2 === 0) {
          counts.voided += (await get(T.voidFailedEvent).execute(id, 'a test')).kind === 'voided' ? 1 : 0;
        } else {
          counts.reissued += (await get(T.reissueFailedEvents).one(id)).kind === 'done' ? 1 : 0;
        }
      }
    };
    const changing = async () => {
      for (const id of ids) {
        const limit = (await get(T.campaignRepository).find(id))?.limit ?? 0;
        const by = counts.changes % 4 === 3 ? -50 : 150;
        if ((await get(T.changeCampaign).execute(id, { limit: limit + by })).kind === 'changed') counts.changes += 1;
      }
    };
    const rebuilding = async () => {
      // One after three reports, the other after six.
      if (verified.size < 3 * (counts.rebuilds + 1)) return;
      for (const id of ids.slice(counts.rebuilds, counts.rebuilds + 1)) {
        if ((await get(T.rebuildCampaign).execute(id)).kind === 'ordered') counts.rebuilds += 1;
      }
    };
    const reconciling = async () => {
      await reconciler.execute(never);
      counts.looks += 1;
      for (const report of reconciler.reports) {
        if ((report.verification?.disagreements.count ?? 0) > 0) alarms.push(report);
        if (['incomplete', 'missing'].includes(report.unverifiable ?? '')) alarms.push(report);
        if (report.verification !== null) verified.add(report.verification.sampledAt);
      }
    };

    const background = [
      repeat(500, installation.keepOpen),
      repeat(500, () => get(T.settlePendingGrants).execute(never)),
      repeat(1_000, () => get(T.compareTerms).execute()),
      repeat(500, () => get(T.finishVoids).execute()),
      repeat(200, operating),
      repeat(2_000, dying),
      repeat(700, changing),
      repeat(300, rebuilding),
      repeat(20, reconciling),
    ];
    await Promise.all(ids.flatMap((id) => [applying(id), applying(id)]));
    done.abort();
    await Promise.all(background);

    expect(alarms).toEqual([]);
    expect(counts.accepted).toBeGreaterThan(1_000);
    expect(counts.rebuilds).toBe(2);
    expect(counts.abandoned).toBeGreaterThan(2);
    expect(Math.min(counts.voided, counts.reissued, counts.changes)).toBeGreaterThan(5);
    expect(verified.size).toBeGreaterThanOrEqual(VERIFIED);

    await eventually(async () => {
      await installation.keepOpen();
      await get(T.settlePendingGrants).execute(never);
      await get(T.compareTerms).execute();
      await reconciler.execute(never);
      for (const id of ids) {
        const standing = await get(T.issuanceCounter).standing(id);
        const counter = standing.kind === 'open' ? standing.counter : -1;
        const report = await get(T.reconciliationReports).find(id);
        expect(report).toMatchObject({ unverifiable: null, verification: { watermark: counter, log: 'complete' } });
        expect(report?.verification?.disagreements).toEqual({ count: 0, first: [] });
      }
    }, 30_000);
  });
});
