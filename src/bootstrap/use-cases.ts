import { ContainerModule } from 'inversify';
import { AccountForCampaigns } from '../application/account-for-campaigns.ts';
import { ApplyForCoupon } from '../application/apply-for-coupon.ts';
import { CampaignDirectory } from '../application/campaign-directory.ts';
import { CampaignLaunch } from '../application/campaign-launch.ts';
import { ChangeCampaign } from '../application/change-campaign.ts';
import { CompareTerms } from '../application/compare-terms.ts';
import { CounterProbe } from '../application/counter-probe.ts';
import { CounterRebuild } from '../application/counter-rebuild.ts';
import { FindApplication } from '../application/find-application.ts';
import { IssueCoupons } from '../application/issue-coupons.ts';
import { KeepCountersOpen } from '../application/keep-counters-open.ts';
import { KnownIncarnation } from '../application/known-incarnation.ts';
import { Lead } from '../application/lead.ts';
import { ListCoupons } from '../application/list-coupons.ts';
import { ListFailedEvents } from '../application/list-failed-events.ts';
import { OpenCampaign } from '../application/open-campaign.ts';
import { ReissueFailedEvents } from '../application/reissue-failed-events.ts';
import { ReportReadiness } from '../application/report-readiness.ts';
import { SettlePendingGrants } from '../application/settle-pending-grants.ts';
import { ShowCampaign } from '../application/show-campaign.ts';
import { WatchDependencies } from '../application/watch-dependencies.ts';
import { TOKENS as T } from './tokens.ts';
import { provide } from './wiring.ts';

/** What every process may need of `src/application`; nothing is made before somebody asks for it. */
export const useCases: ContainerModule = new ContainerModule((to) => {
  provide(to, T.knownIncarnation, [T.incarnations, T.clock], (reader, clock) => new KnownIncarnation(reader, clock));
  provide(to, T.campaignDirectory, [T.campaignRepository, T.clock], (all, clock) => new CampaignDirectory(all, clock));
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
    [T.issuanceCounter, T.couponRepository, T.failedEventStore, T.campaignDirectory],
    (counter, coupons, failedEvents, directory) => new FindApplication(counter, coupons, failedEvents, directory),
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
    [T.campaignRepository, T.issuanceCounter, T.campaignLaunch, T.clock],
    (campaigns, counter, launch, clock) => new OpenCampaign(campaigns, counter, launch, clock),
  );
  provide(
    to,
    T.changeCampaign,
    [T.campaignRepository, T.campaignChanges, T.issuanceCounter, T.counterKeeper],
    (campaigns, changes, counter, counters) => new ChangeCampaign(campaigns, changes, counter, counters),
  );
  provide(
    to,
    T.accountForCampaigns,
    [T.campaignRepository, T.issuanceRecords, T.issuanceCounter, T.counterKeeper, T.eventLogProgress, T.clock],
    (campaigns, records, counter, counters, progress, clock) =>
      new AccountForCampaigns(campaigns, records, counter, counters, progress, clock),
  );
  provide(to, T.listFailedEvents, [T.failedEventStore], (failedEvents) => new ListFailedEvents(failedEvents));
  provide(
    to,
    T.reissueFailedEvents,
    [T.failedEventStore, T.issuanceCounter, T.counterKeeper, T.couponEventPublisher, T.clock],
    (failedEvents, counter, counters, publisher, clock) =>
      new ReissueFailedEvents(failedEvents, counter, counters, publisher, clock),
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
    [T.counterServerProbe, T.issuanceCounter, T.campaignDirectory],
    (server, counter, directory) => new CounterProbe(server, counter, directory),
  );
  const probes = [T.counterProbe, T.eventLogProbe, T.databaseProbe] as const;
  provide(to, T.apiReadiness, probes, (...all) => new ReportReadiness(all, ['redis', 'kafka']));
  provide(to, T.consumerReadiness, probes, (...all) => new ReportReadiness(all, ['kafka', 'mysql']));
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
      T.incarnations,
      T.knownIncarnation,
      T.counterOpening,
      T.issuanceCounter,
      T.campaignLaunch,
      T.counterRebuild,
      T.journal,
    ],
    (campaigns, incarnations, known, opening, counter, launch, rebuild, journal) =>
      new KeepCountersOpen(campaigns, incarnations, known, opening, counter, launch, rebuild, journal),
  );
  provide(
    to,
    T.settlePendingGrants,
    [T.campaignRepository, T.counterKeeper, T.issuanceCounter, T.couponEventPublisher, T.clock],
    (campaigns, counters, counter, publisher, clock) =>
      new SettlePendingGrants(campaigns, counters, counter, publisher, clock),
  );
  provide(
    to,
    T.compareTerms,
    [T.campaignRepository, T.campaignChanges, T.issuanceCounter, T.counterKeeper],
    (campaigns, changes, counter, counters) => new CompareTerms(campaigns, changes, counter, counters),
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
      T.compareTerms,
      T.reissueFailedEvents,
    ],
    (leadership, scheduler, journal, keepOpen, settle, compare, reissue) =>
      new Lead(leadership, scheduler, journal, [
        { name: 'keep counters open', every: 1_000, run: (signal) => keepOpen.execute(signal) },
        { name: 'settle pending grants', every: 1_000, run: () => settle.execute() },
        { name: 'compare terms', every: 5_000, run: () => compare.execute() },
        { name: 'reissue failed events', every: 30_000, run: () => reissue.due() },
      ]),
  );
});
