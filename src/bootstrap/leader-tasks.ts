import { ContainerModule } from 'inversify';
import { ArchiveCampaigns } from '../application/archive-campaigns.ts';
import { CampaignComparison } from '../application/campaign-comparison.ts';
import { CampaignSettlement } from '../application/campaign-settlement.ts';
import { CompareTerms } from '../application/compare-terms.ts';
import { CounterRebuild } from '../application/counter-rebuild.ts';
import { FinishVoids } from '../application/finish-voids.ts';
import { KeepCountersOpen } from '../application/keep-counters-open.ts';
import { Lead } from '../application/lead.ts';
import { ReconcileCampaigns } from '../application/reconcile-campaigns.ts';
import { SettlePendingGrants } from '../application/settle-pending-grants.ts';
import { StaleGrants } from '../application/stale-grants.ts';
import { WatchPendingGrants } from '../application/watch-pending-grants.ts';
import { TOKENS as T } from './tokens.ts';
import { provide } from './wiring.ts';

/** The background work of the one process that leads. */
export const leaderTasks: ContainerModule = new ContainerModule((to) => {
  provide(
    to,
    T.counterRebuild,
    [T.issuanceRecords, T.couponEventPublisher, T.eventLogProgress, T.clock, T.scheduler, T.journal],
    (records, publisher, progress, clock, scheduler, journal) =>
      new CounterRebuild(records, publisher, progress, clock, scheduler, journal),
  );
  provide(
    to,
    T.keepCountersOpen,
    [
      T.campaignRepository,
      T.issuanceRecords,
      T.incarnations,
      T.knownIncarnation,
      T.counterOpening,
      T.issuanceCounter,
      T.campaignLaunch,
      T.counterRebuild,
      T.journal,
    ],
    (campaigns, records, incarnations, known, opening, counter, launch, rebuild, journal) =>
      new KeepCountersOpen(campaigns, records, incarnations, known, opening, counter, launch, rebuild, journal),
  );
  provide(
    to,
    T.staleGrants,
    [T.counterKeeper, T.couponEventPublisher, T.clock],
    (counters, publisher, clock) => new StaleGrants(counters, publisher, clock),
  );
  provide(
    to,
    T.settlePendingGrants,
    [T.campaignRepository, T.staleGrants, T.couponEventPublisher, T.clock],
    (campaigns, staleGrants, publisher, clock) => new SettlePendingGrants(campaigns, staleGrants, publisher, clock),
  );
  provide(
    to,
    T.watchPendingGrants,
    [T.campaignStandings, T.journal],
    (standings, journal) => new WatchPendingGrants(standings, journal),
  );
  provide(
    to,
    T.campaignSettlement,
    [T.issuanceCounter, T.counterKeeper, T.eventLogProgress, T.issuanceRecords, T.clock, T.scheduler],
    (counter, counters, progress, records, clock, scheduler) =>
      new CampaignSettlement(counter, counters, progress, records, clock, scheduler),
  );
  provide(
    to,
    T.archiveCampaigns,
    [
      T.campaignRepository,
      T.campaignChanges,
      T.campaignSettlement,
      T.counterKeeper,
      T.staleGrants,
      T.knownIncarnation,
      T.clock,
      T.journal,
    ],
    (campaigns, changes, settlement, counters, staleGrants, known, clock, journal) =>
      new ArchiveCampaigns(campaigns, changes, settlement, counters, staleGrants, known, clock, journal),
  );
  provide(
    to,
    T.compareTerms,
    [T.campaignRepository, T.campaignChanges, T.issuanceCounter, T.counterKeeper],
    (campaigns, changes, counter, counters) => new CompareTerms(campaigns, changes, counter, counters),
  );
  provide(
    to,
    T.finishVoids,
    [T.voids, T.counterKeeper, T.clock],
    (voids, counters, clock) => new FinishVoids(voids, counters, clock),
  );
  provide(
    to,
    T.campaignComparison,
    [
      T.campaignRepository,
      T.issuanceCounter,
      T.counterKeeper,
      T.counterHoldings,
      T.recordedHoldings,
      T.eventLogProgress,
      T.clock,
      T.scheduler,
    ],
    (campaigns, counter, counters, holdings, record, progress, clock, scheduler) =>
      new CampaignComparison(campaigns, counter, counters, holdings, record, progress, clock, scheduler),
  );
  provide(
    to,
    T.reconcileCampaigns,
    [
      T.campaignRepository,
      T.campaignComparison,
      T.issuanceCounter,
      T.eventLogReader,
      T.reconciliationReports,
      T.clock,
      T.scheduler,
      T.journal,
    ],
    (campaigns, comparison, counter, reader, reports, clock, scheduler, journal) =>
      new ReconcileCampaigns(campaigns, comparison, counter, reader, reports, clock, scheduler, journal),
  );
  provide(
    to,
    T.lead,
    [
      T.leadership,
      T.scheduler,
      T.journal,
      T.keepCountersOpen,
      T.settlePendingGrants,
      T.watchPendingGrants,
      T.archiveCampaigns,
      T.compareTerms,
      T.reissueFailedEvents,
      T.finishVoids,
      T.reconcileCampaigns,
    ],
    (leadership, scheduler, journal, keepOpen, settle, watch, archive, compare, reissue, finishVoids, reconcile) =>
      new Lead(leadership, scheduler, journal, [
        { name: 'keep counters open', every: 1_000, run: (signal) => keepOpen.execute(signal) },
        { name: 'settle pending grants', every: 1_000, run: (signal) => settle.execute(signal) },
        { name: 'watch pending grants', every: 1_000, run: () => watch.execute() },
        { name: 'archive campaigns', every: 60_000, run: (signal) => archive.execute(signal) },
        { name: 'compare terms', every: 5_000, run: () => compare.execute() },
        { name: 'reissue failed events', every: 30_000, run: () => reissue.due() },
        { name: 'finish voids', every: 1_000, run: () => finishVoids.execute() },
        { name: 'reconcile campaigns', every: 5_000, run: (signal) => reconcile.execute(signal) },
      ]),
  );
});
