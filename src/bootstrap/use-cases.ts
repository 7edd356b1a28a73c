import { ContainerModule } from 'inversify';
import { AccountForCampaigns } from '../application/account-for-campaigns.ts';
import { ApplyForCoupon } from '../application/apply-for-coupon.ts';
import { ArchiveCampaigns } from '../application/archive-campaigns.ts';
import { CampaignComparison } from '../application/campaign-comparison.ts';
import { CampaignDirectory } from '../application/campaign-directory.ts';
import { CampaignLaunch } from '../application/campaign-launch.ts';
import { CampaignSettlement } from '../application/campaign-settlement.ts';
import { CampaignStandings } from '../application/campaign-standings.ts';
import { ChangeCampaign } from '../application/change-campaign.ts';
import { CompareTerms } from '../application/compare-terms.ts';
import { CounterProbe } from '../application/counter-probe.ts';
import { CounterRebuild } from '../application/counter-rebuild.ts';
import { FindApplication } from '../application/find-application.ts';
import { FinishVoids } from '../application/finish-voids.ts';
import { IssueCoupons } from '../application/issue-coupons.ts';
import { KeepCountersOpen } from '../application/keep-counters-open.ts';
import { KnownIncarnation } from '../application/known-incarnation.ts';
import { Lead } from '../application/lead.ts';
import { ListCoupons } from '../application/list-coupons.ts';
import { ListFailedEvents } from '../application/list-failed-events.ts';
import { OpenCampaign } from '../application/open-campaign.ts';
import { RebuildCampaign } from '../application/rebuild-campaign.ts';
import { ReconcileCampaigns } from '../application/reconcile-campaigns.ts';
import { ReissueFailedEvents } from '../application/reissue-failed-events.ts';
import { ReportReadiness } from '../application/report-readiness.ts';
import { RepublishGrants } from '../application/republish-grants.ts';
import { SettlePendingGrants } from '../application/settle-pending-grants.ts';
import { ShowCampaign } from '../application/show-campaign.ts';
import { ShowFailedEvent } from '../application/show-failed-event.ts';
import { ShowReconciliation } from '../application/show-reconciliation.ts';
import { StaleGrants } from '../application/stale-grants.ts';
import { VoidFailedEvent } from '../application/void-failed-event.ts';
import { WatchDependencies } from '../application/watch-dependencies.ts';
import { WatchPendingGrants } from '../application/watch-pending-grants.ts';
import { TOKENS as T } from './tokens.ts';
import { provide } from './wiring.ts';

/** What every process may need of `src/application`; nothing is made before somebody asks for it. */
export const useCases: ContainerModule = new ContainerModule((to) => {
  provide(to, T.knownIncarnation, [T.incarnations, T.clock], (reader, clock) => new KnownIncarnation(reader, clock));
  provide(to, T.campaignDirectory, [T.campaignRepository, T.clock], (all, clock) => new CampaignDirectory(all, clock));
  provide(
    to,
    T.campaignStandings,
    [T.issuanceCounter, T.campaignDirectory],
    (counter, directory) => new CampaignStandings(counter, directory),
  );
  provide(
    to,
    T.campaignLaunch,
    [T.campaignRepository, T.counterKeeper, T.clock, T.scheduler],
    (campaigns, counters, clock, scheduler) => new CampaignLaunch(campaigns, counters, clock, scheduler),
  );

  provide(
    to,
    T.applyForCoupon,
    [T.issuanceCounter, T.couponEventPublisher, T.campaignDirectory, T.clock, T.mostInFlight],
    (counter, publisher, directory, clock, most) => new ApplyForCoupon(counter, publisher, directory, clock, most),
  );
  provide(
    to,
    T.findApplication,
    [T.issuanceCounter, T.couponRepository, T.failedEventStore, T.voids, T.campaignDirectory],
    (counter, coupons, failedEvents, voids, directory) =>
      new FindApplication(counter, coupons, failedEvents, voids, directory),
  );
  provide(to, T.listCoupons, [T.couponRepository], (coupons) => new ListCoupons(coupons));
  provide(
    to,
    T.showCampaign,
    [T.issuanceCounter, T.campaignDirectory],
    (counter, directory) => new ShowCampaign(counter, directory),
  );

  provide(
    to,
    T.openCampaign,
    [T.campaignRepository, T.issuanceCounter, T.campaignLaunch, T.clock, T.scheduler],
    (campaigns, counter, launch, clock, scheduler) => new OpenCampaign(campaigns, counter, launch, clock, scheduler),
  );
  provide(
    to,
    T.changeCampaign,
    [T.campaignRepository, T.campaignChanges, T.issuanceCounter, T.counterKeeper],
    (campaigns, changes, counter, counters) => new ChangeCampaign(campaigns, changes, counter, counters),
  );
  provide(
    to,
    T.rebuildCampaign,
    [T.campaignRepository, T.issuanceRecords, T.counterOpening],
    (campaigns, records, opening) => new RebuildCampaign(campaigns, records, opening),
  );
  provide(
    to,
    T.republishGrants,
    [T.campaignRepository, T.issuanceRecords, T.issuanceCounter, T.counterKeeper, T.counterHoldings],
    (campaigns, records, counter, counters, holdings) =>
      new RepublishGrants(campaigns, records, counter, counters, holdings),
  );
  provide(
    to,
    T.accountForCampaigns,
    [T.campaignRepository, T.issuanceRecords, T.issuanceCounter, T.counterKeeper, T.eventLogProgress, T.clock],
    (campaigns, records, counter, counters, progress, clock) =>
      new AccountForCampaigns(campaigns, records, counter, counters, progress, clock),
  );
  provide(
    to,
    T.showReconciliation,
    [T.campaignRepository, T.reconciliationReports],
    (campaigns, reports) => new ShowReconciliation(campaigns, reports),
  );
  provide(to, T.listFailedEvents, [T.failedEventStore], (failedEvents) => new ListFailedEvents(failedEvents));
  provide(
    to,
    T.reissueFailedEvents,
    [T.failedEventStore, T.issuanceCounter, T.counterKeeper, T.couponEventPublisher, T.clock, T.scheduler],
    (failedEvents, counter, counters, publisher, clock, scheduler) =>
      new ReissueFailedEvents(failedEvents, counter, counters, publisher, clock, scheduler),
  );
  provide(to, T.showFailedEvent, [T.failedEventStore], (failedEvents) => new ShowFailedEvent(failedEvents));
  provide(
    to,
    T.voidFailedEvent,
    [T.voids, T.counterKeeper, T.clock],
    (voids, counters, clock) => new VoidFailedEvent(voids, counters, clock),
  );

  provide(
    to,
    T.issueCoupons,
    [T.couponRepository, T.failedEventStore, T.counterKeeper],
    (coupons, failedEvents, counters) => new IssueCoupons(coupons, failedEvents, counters),
  );
  provide(
    to,
    T.counterProbe,
    [T.counterServerProbe, T.campaignStandings],
    (server, standings) => new CounterProbe(server, standings),
  );
  const probes = [T.counterProbe, T.eventLogProbe, T.databaseProbe] as const;
  provide(
    to,
    T.apiReadiness,
    [T.campaignStandings, ...probes],
    (standings, ...all) => new ReportReadiness(all, ['redis', 'kafka'], standings),
  );
  provide(
    to,
    T.consumerReadiness,
    [T.campaignStandings, ...probes],
    (standings, ...all) => new ReportReadiness(all, ['kafka', 'mysql'], standings),
  );
  provide(
    to,
    T.watchDependencies,
    [...probes, T.scheduler, T.journal],
    (counter, eventLog, database, scheduler, journal) =>
      new WatchDependencies([counter, eventLog, database], scheduler, journal),
  );
});

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
