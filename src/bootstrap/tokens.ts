import type { AccountForCampaigns } from '../application/account-for-campaigns.ts';
import type { ApplyForCoupon } from '../application/apply-for-coupon.ts';
import type { ArchiveCampaigns } from '../application/archive-campaigns.ts';
import type { CampaignComparison } from '../application/campaign-comparison.ts';
import type { CampaignDirectory } from '../application/campaign-directory.ts';
import type { CampaignLaunch } from '../application/campaign-launch.ts';
import type { CampaignSettlement } from '../application/campaign-settlement.ts';
import type { CampaignStandings } from '../application/campaign-standings.ts';
import type { ChangeCampaign } from '../application/change-campaign.ts';
import type { CompareTerms } from '../application/compare-terms.ts';
import type { CounterRebuild } from '../application/counter-rebuild.ts';
import type { FindApplication } from '../application/find-application.ts';
import type { FinishVoids } from '../application/finish-voids.ts';
import type { IssueCoupons } from '../application/issue-coupons.ts';
import type { KeepCountersOpen } from '../application/keep-counters-open.ts';
import type { KnownIncarnation } from '../application/known-incarnation.ts';
import type { Lead } from '../application/lead.ts';
import type { ListCoupons } from '../application/list-coupons.ts';
import type { ListFailedEvents } from '../application/list-failed-events.ts';
import type { OpenCampaign } from '../application/open-campaign.ts';
import type { RebuildCampaign } from '../application/rebuild-campaign.ts';
import type { ReconcileCampaigns } from '../application/reconcile-campaigns.ts';
import type { ReissueFailedEvents } from '../application/reissue-failed-events.ts';
import type { ReportReadiness } from '../application/report-readiness.ts';
import type { RepublishGrants } from '../application/republish-grants.ts';
import type { SettlePendingGrants } from '../application/settle-pending-grants.ts';
import type { ShowCampaign } from '../application/show-campaign.ts';
import type { ShowFailedEvent } from '../application/show-failed-event.ts';
import type { ShowReconciliation } from '../application/show-reconciliation.ts';
import type { StaleGrants } from '../application/stale-grants.ts';
import type { VoidFailedEvent } from '../application/void-failed-event.ts';
import type { WatchDependencies } from '../application/watch-dependencies.ts';
import type { WatchPendingGrants } from '../application/watch-pending-grants.ts';
import type { ReceivedEvent } from '../domain/failed-event.ts';
import type { CampaignChanges, CampaignRepository } from '../domain/ports/campaign-repository.ts';
import type { Clock } from '../domain/ports/clock.ts';
import type { CounterHoldings } from '../domain/ports/counter-holdings.ts';
import type { CounterKeeper } from '../domain/ports/counter-keeper.ts';
import type { CounterOpening } from '../domain/ports/counter-opening.ts';
import type { CouponEventPublisher } from '../domain/ports/coupon-event-publisher.ts';
import type { CouponRepository } from '../domain/ports/coupon-repository.ts';
import type { DependencyProbe } from '../domain/ports/dependency-probe.ts';
import type { EventLogProgress } from '../domain/ports/event-log-progress.ts';
import type { EventLogReader } from '../domain/ports/event-log-reader.ts';
import type { FailedEventStore } from '../domain/ports/failed-event-store.ts';
import type { Incarnations } from '../domain/ports/incarnations.ts';
import type { IssuanceCounter } from '../domain/ports/issuance-counter.ts';
import type { IssuanceRecords } from '../domain/ports/issuance-records.ts';
import type { Journal } from '../domain/ports/journal.ts';
import type { Leadership } from '../domain/ports/leadership.ts';
import type { ReconciliationReports } from '../domain/ports/reconciliation-reports.ts';
import type { RecordedHoldings } from '../domain/ports/recorded-holdings.ts';
import type { Scheduler } from '../domain/ports/scheduler.ts';
import type { Voids } from '../domain/ports/voids.ts';
import { token } from './wiring.ts';

/** Every part of the service that another part asks for. The token carries the type behind it. */
export const TOKENS = {
  clock: token<Clock>('Clock'),
  scheduler: token<Scheduler>('Scheduler'),
  journal: token<Journal>('Journal'),

  issuanceCounter: token<IssuanceCounter>('IssuanceCounter'),
  counterKeeper: token<CounterKeeper>('CounterKeeper'),
  counterHoldings: token<CounterHoldings>('CounterHoldings'),
  counterOpening: token<CounterOpening>('CounterOpening'),
  counterServerProbe: token<DependencyProbe>('DependencyProbe of the counter'),

  couponEventPublisher: token<CouponEventPublisher>('CouponEventPublisher'),
  eventLogProgress: token<EventLogProgress>('EventLogProgress'),
  eventLogReader: token<EventLogReader>('EventLogReader'),
  eventLogProbe: token<DependencyProbe>('DependencyProbe of the event log'),

  campaignRepository: token<CampaignRepository>('CampaignRepository'),
  campaignChanges: token<CampaignChanges>('CampaignChanges'),
  couponRepository: token<CouponRepository>('CouponRepository'),
  failedEventStore: token<FailedEventStore>('FailedEventStore'),
  voids: token<Voids>('Voids'),
  issuanceRecords: token<IssuanceRecords>('IssuanceRecords'),
  recordedHoldings: token<RecordedHoldings>('RecordedHoldings'),
  reconciliationReports: token<ReconciliationReports>('ReconciliationReports'),
  incarnations: token<Incarnations>('Incarnations'),
  leadership: token<Leadership>('Leadership'),
  databaseProbe: token<DependencyProbe>('DependencyProbe of the database'),

  mostInFlight: token<number>('most applications in flight'),
  knownIncarnation: token<KnownIncarnation>('KnownIncarnation'),
  campaignDirectory: token<CampaignDirectory>('CampaignDirectory'),
  campaignStandings: token<CampaignStandings>('CampaignStandings'),
  campaignSettlement: token<CampaignSettlement>('CampaignSettlement'),
  staleGrants: token<StaleGrants>('StaleGrants'),
  campaignLaunch: token<CampaignLaunch>('CampaignLaunch'),
  counterRebuild: token<CounterRebuild>('CounterRebuild'),

  applyForCoupon: token<ApplyForCoupon>('ApplyForCoupon'),
  findApplication: token<FindApplication>('FindApplication'),
  listCoupons: token<ListCoupons>('ListCoupons'),
  showCampaign: token<ShowCampaign>('ShowCampaign'),
  openCampaign: token<OpenCampaign>('OpenCampaign'),
  changeCampaign: token<ChangeCampaign>('ChangeCampaign'),
  rebuildCampaign: token<RebuildCampaign>('RebuildCampaign'),
  republishGrants: token<RepublishGrants>('RepublishGrants'),
  accountForCampaigns: token<AccountForCampaigns>('AccountForCampaigns'),
  listFailedEvents: token<ListFailedEvents>('ListFailedEvents'),
  showFailedEvent: token<ShowFailedEvent>('ShowFailedEvent'),
  reissueFailedEvents: token<ReissueFailedEvents>('ReissueFailedEvents'),
  voidFailedEvent: token<VoidFailedEvent>('VoidFailedEvent'),
  finishVoids: token<FinishVoids>('FinishVoids'),
  handleEvents: token<(events: readonly ReceivedEvent[]) => Promise<void>>('what becomes of a batch of events'),
  issueCoupons: token<IssueCoupons>('IssueCoupons'),
  settlePendingGrants: token<SettlePendingGrants>('SettlePendingGrants'),
  watchPendingGrants: token<WatchPendingGrants>('WatchPendingGrants'),
  archiveCampaigns: token<ArchiveCampaigns>('ArchiveCampaigns'),
  compareTerms: token<CompareTerms>('CompareTerms'),
  keepCountersOpen: token<KeepCountersOpen>('KeepCountersOpen'),
  campaignComparison: token<CampaignComparison>('CampaignComparison'),
  reconcileCampaigns: token<ReconcileCampaigns>('ReconcileCampaigns'),
  showReconciliation: token<ShowReconciliation>('ShowReconciliation'),
  lead: token<Lead>('Lead'),
  counterProbe: token<DependencyProbe>('DependencyProbe of the counter and its campaigns'),
  watchDependencies: token<WatchDependencies>('WatchDependencies'),
  apiReadiness: token<ReportReadiness>('ReportReadiness of the API'),
  consumerReadiness: token<ReportReadiness>('ReportReadiness of the consumer'),
};
