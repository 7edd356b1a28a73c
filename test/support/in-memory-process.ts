import { InMemoryCampaignRepository } from '../../src/adapters/in-memory/in-memory-campaign-repository.ts';
import { InMemoryCounterHoldings } from '../../src/adapters/in-memory/in-memory-counter-holdings.ts';
import { InMemoryCounterKeeper } from '../../src/adapters/in-memory/in-memory-counter-keeper.ts';
import { InMemoryCounterOpening } from '../../src/adapters/in-memory/in-memory-counter-opening.ts';
import { InMemoryCouponEventConsumer } from '../../src/adapters/in-memory/in-memory-coupon-event-consumer.ts';
import { InMemoryCouponEventPublisher } from '../../src/adapters/in-memory/in-memory-coupon-event-publisher.ts';
import { InMemoryCouponRepository } from '../../src/adapters/in-memory/in-memory-coupon-repository.ts';
import { InMemoryEventLogProgress } from '../../src/adapters/in-memory/in-memory-event-log-progress.ts';
import { InMemoryEventLogReader } from '../../src/adapters/in-memory/in-memory-event-log-reader.ts';
import { InMemoryFailedEventStore } from '../../src/adapters/in-memory/in-memory-failed-event-store.ts';
import { InMemoryIncarnations } from '../../src/adapters/in-memory/in-memory-incarnations.ts';
import { InMemoryIssuanceCounter } from '../../src/adapters/in-memory/in-memory-issuance-counter.ts';
import { InMemoryIssuanceRecords } from '../../src/adapters/in-memory/in-memory-issuance-records.ts';
import { InMemoryReconciliationReports } from '../../src/adapters/in-memory/in-memory-reconciliation-reports.ts';
import { InMemoryRecordedHoldings } from '../../src/adapters/in-memory/in-memory-recorded-holdings.ts';
import { InMemoryVoids } from '../../src/adapters/in-memory/in-memory-voids.ts';
import { AccountForCampaigns } from '../../src/application/account-for-campaigns.ts';
import { ApplyForCoupon } from '../../src/application/apply-for-coupon.ts';
import { ArchiveCampaigns } from '../../src/application/archive-campaigns.ts';
import { CampaignComparison } from '../../src/application/campaign-comparison.ts';
import { CampaignDirectory } from '../../src/application/campaign-directory.ts';
import { CampaignLaunch } from '../../src/application/campaign-launch.ts';
import { CampaignSettlement } from '../../src/application/campaign-settlement.ts';
import { CampaignStandings } from '../../src/application/campaign-standings.ts';
import { ChangeCampaign } from '../../src/application/change-campaign.ts';
import { CompareTerms } from '../../src/application/compare-terms.ts';
import { CounterRebuild } from '../../src/application/counter-rebuild.ts';
import { FindApplication } from '../../src/application/find-application.ts';
import { FinishVoids } from '../../src/application/finish-voids.ts';
import { IssueCoupons } from '../../src/application/issue-coupons.ts';
import { KeepCountersOpen } from '../../src/application/keep-counters-open.ts';
import { KnownIncarnation } from '../../src/application/known-incarnation.ts';
import { ListCoupons } from '../../src/application/list-coupons.ts';
import { ListFailedEvents } from '../../src/application/list-failed-events.ts';
import { OpenCampaign } from '../../src/application/open-campaign.ts';
import { RebuildCampaign } from '../../src/application/rebuild-campaign.ts';
import { ReconcileCampaigns } from '../../src/application/reconcile-campaigns.ts';
import { ReissueFailedEvents } from '../../src/application/reissue-failed-events.ts';
import { RepublishGrants } from '../../src/application/republish-grants.ts';
import { SettlePendingGrants } from '../../src/application/settle-pending-grants.ts';
import { ShowCampaign } from '../../src/application/show-campaign.ts';
import { ShowFailedEvent } from '../../src/application/show-failed-event.ts';
import { ShowReconciliation } from '../../src/application/show-reconciliation.ts';
import { StaleGrants } from '../../src/application/stale-grants.ts';
import { VoidFailedEvent } from '../../src/application/void-failed-event.ts';
import { WatchPendingGrants } from '../../src/application/watch-pending-grants.ts';
import { Calls } from './calls.ts';
import type { InMemoryWorld } from './in-memory-world.ts';

const GROUP = 'coupon-issuance';

export type InMemoryProcess = ReturnType<typeof startProcess>;

/** One process of the service, API and consumer in one, over what it shares with the others of its world. */
export function startProcess(world: InMemoryWorld, mostInFlight = 1_000) {
  const { time, journal, records, store, log } = world;
  const calls = new Calls();

  const incarnations = calls.on('incarnations', new InMemoryIncarnations(records));
  const known = new KnownIncarnation(incarnations, time);
  const counter = calls.on('counter', new InMemoryIssuanceCounter(store, known));
  const counters = calls.on('counters', new InMemoryCounterKeeper(store, known));
  const holdings = calls.on('holdings', new InMemoryCounterHoldings(store));
  const server = new InMemoryCounterOpening(store);
  const opening = calls.on('opening', { begin: async () => calls.on('session', await server.begin()) });
  const campaigns = calls.on('campaigns', new InMemoryCampaignRepository(records));
  const coupons = calls.on('coupons', new InMemoryCouponRepository(records, time));
  const failedEvents = calls.on('failedEvents', new InMemoryFailedEventStore(records, time));
  const voids = calls.on('voids', new InMemoryVoids(records));
  const issuance = calls.on('issuance', new InMemoryIssuanceRecords(records));
  const publisher = calls.on('publisher', new InMemoryCouponEventPublisher(log, time));
  const progress = calls.on('progress', new InMemoryEventLogProgress(log, GROUP));

  const reader = calls.on('reader', new InMemoryEventLogReader(log));
  const recordedHoldings = calls.on('recordedHoldings', new InMemoryRecordedHoldings(records));
  const reports = calls.on('reports', new InMemoryReconciliationReports(records));

  const directory = new CampaignDirectory(campaigns, time);
  const standings = new CampaignStandings(counter, directory);
  const staleGrants = new StaleGrants(counters, publisher, time);
  const settlement = new CampaignSettlement(counter, counters, progress, issuance, time, time);
  const archiveCampaigns = new ArchiveCampaigns(
    campaigns,
    campaigns,
    settlement,
    counters,
    staleGrants,
    known,
    time,
    journal,
  );
  const launch = new CampaignLaunch(campaigns, counters, time, time);
  const rebuild = new CounterRebuild(issuance, publisher, progress, time, time, journal);
  const keepCountersOpen = new KeepCountersOpen(
    campaigns,
    issuance,
    incarnations,
    known,
    opening,
    counter,
    launch,
    rebuild,
    journal,
  );
  const comparison = new CampaignComparison(
    campaigns,
    counter,
    counters,
    holdings,
    recordedHoldings,
    progress,
    time,
    time,
  );
  const issueCoupons = new IssueCoupons(coupons, failedEvents, counters);
  const issue = async (events: Parameters<typeof issueCoupons.execute>[0]): Promise<void> => {
    await issueCoupons.execute(events);
  };

  return {
    calls,
    known,
    counter,
    counters,
    opening,
    campaigns,
    coupons,
    failedEvents,
    voids,
    issuance,
    publisher,
    progress,
    directory,
    standings,
    launch,
    rebuild,
    issueCoupons,
    consumer: new InMemoryCouponEventConsumer(log, GROUP, issue, time, journal),
    applyForCoupon: new ApplyForCoupon(counter, publisher, directory, time, mostInFlight),
    findApplication: new FindApplication(counter, coupons, failedEvents, voids, directory),
    listCoupons: new ListCoupons(coupons),
    listFailedEvents: new ListFailedEvents(failedEvents),
    showCampaign: new ShowCampaign(counter, directory),
    openCampaign: new OpenCampaign(campaigns, counter, launch, time, time),
    changeCampaign: new ChangeCampaign(campaigns, campaigns, counter, counters),
    compareTerms: new CompareTerms(campaigns, campaigns, counter, counters),
    showFailedEvent: new ShowFailedEvent(failedEvents),
    reissueFailedEvents: new ReissueFailedEvents(failedEvents, counter, counters, publisher, time, time),
    reconcileCampaigns: new ReconcileCampaigns(campaigns, comparison, counter, reader, reports, time, time, journal),
    showReconciliation: new ShowReconciliation(campaigns, reports),
    voidFailedEvent: new VoidFailedEvent(voids, counters, time),
    finishVoids: new FinishVoids(voids, counters, time),
    settlePendingGrants: new SettlePendingGrants(campaigns, staleGrants, publisher, time),
    watchPendingGrants: new WatchPendingGrants(standings, journal),
    rebuildCampaign: new RebuildCampaign(campaigns, issuance, opening),
    republishGrants: new RepublishGrants(campaigns, issuance, counter, counters, holdings),
    /** One round of the archive. */
    archive: (signal = new AbortController().signal) => archiveCampaigns.execute(signal),
    accountForCampaigns: new AccountForCampaigns(campaigns, issuance, counter, counters, progress, time),
    /** One round of the leader's first duty. */
    keepOpen: (signal = new AbortController().signal) => keepCountersOpen.execute(signal),
  };
}
