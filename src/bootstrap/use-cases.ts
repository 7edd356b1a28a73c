import { ContainerModule } from 'inversify';
import { AccountForCampaigns } from '../application/account-for-campaigns.ts';
import { ApplyForCoupon } from '../application/apply-for-coupon.ts';
import { CampaignDirectory } from '../application/campaign-directory.ts';
import { CampaignLaunch } from '../application/campaign-launch.ts';
import { CampaignStandings } from '../application/campaign-standings.ts';
import { ChangeCampaign } from '../application/change-campaign.ts';
import { CounterProbe } from '../application/counter-probe.ts';
import { FindApplication } from '../application/find-application.ts';
import { IssueCoupons } from '../application/issue-coupons.ts';
import { KnownIncarnation } from '../application/known-incarnation.ts';
import { ListCoupons } from '../application/list-coupons.ts';
import { ListFailedEvents } from '../application/list-failed-events.ts';
import { OpenCampaign } from '../application/open-campaign.ts';
import { RebuildCampaign } from '../application/rebuild-campaign.ts';
import { ReissueFailedEvents } from '../application/reissue-failed-events.ts';
import { ReportReadiness } from '../application/report-readiness.ts';
import { RepublishGrants } from '../application/republish-grants.ts';
import { ShowCampaign } from '../application/show-campaign.ts';
import { ShowFailedEvent } from '../application/show-failed-event.ts';
import { ShowReconciliation } from '../application/show-reconciliation.ts';
import { VoidFailedEvent } from '../application/void-failed-event.ts';
import { WatchDependencies } from '../application/watch-dependencies.ts';
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
