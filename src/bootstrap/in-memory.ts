import { ContainerModule } from 'inversify';
import { InMemoryEventLog } from '../adapters/in-memory/event-log.ts';
import { InMemoryCampaignRepository } from '../adapters/in-memory/in-memory-campaign-repository.ts';
import { InMemoryCounterHoldings } from '../adapters/in-memory/in-memory-counter-holdings.ts';
import { InMemoryCounterKeeper } from '../adapters/in-memory/in-memory-counter-keeper.ts';
import { InMemoryCounterOpening } from '../adapters/in-memory/in-memory-counter-opening.ts';
import { InMemoryCounterStore } from '../adapters/in-memory/in-memory-counter-store.ts';
import { InMemoryCouponEventConsumer } from '../adapters/in-memory/in-memory-coupon-event-consumer.ts';
import { InMemoryCouponEventPublisher } from '../adapters/in-memory/in-memory-coupon-event-publisher.ts';
import { InMemoryCouponRepository } from '../adapters/in-memory/in-memory-coupon-repository.ts';
import { InMemoryEventLogProgress } from '../adapters/in-memory/in-memory-event-log-progress.ts';
import { InMemoryEventLogReader } from '../adapters/in-memory/in-memory-event-log-reader.ts';
import { InMemoryFailedEventStore } from '../adapters/in-memory/in-memory-failed-event-store.ts';
import { InMemoryIncarnations } from '../adapters/in-memory/in-memory-incarnations.ts';
import { InMemoryIssuanceCounter } from '../adapters/in-memory/in-memory-issuance-counter.ts';
import { InMemoryIssuanceRecords } from '../adapters/in-memory/in-memory-issuance-records.ts';
import { InMemoryLeadership } from '../adapters/in-memory/in-memory-leadership.ts';
import { InMemoryReconciliationReports } from '../adapters/in-memory/in-memory-reconciliation-reports.ts';
import { InMemoryRecordedHoldings } from '../adapters/in-memory/in-memory-recorded-holdings.ts';
import { InMemoryVoids } from '../adapters/in-memory/in-memory-voids.ts';
import { InMemoryRecords } from '../adapters/in-memory/records.ts';
import type { DependencyProbe } from '../domain/ports/dependency-probe.ts';
import { TOKENS as T } from './tokens.ts';
import { provide, token } from './wiring.ts';

const PARTITIONS = 6;
const GROUP = 'coupon-issuer';

export const STORE = token<InMemoryCounterStore>('InMemoryCounterStore');
export const LOG = token<InMemoryEventLog>('InMemoryEventLog');
export const RECORDS = token<InMemoryRecords>('InMemoryRecords');

export const IN_MEMORY_CONSUMER = token<InMemoryCouponEventConsumer>('InMemoryCouponEventConsumer');

const alwaysReady = (name: DependencyProbe['name']): DependencyProbe => ({
  name,
  check: async () => ({ status: 'ready', detail: 'in memory' }),
});

/** Serves every port from the memory of this process. */
export const inMemory = new ContainerModule((to) => {
  provide(to, STORE, [T.clock], (clock) => new InMemoryCounterStore(clock));
  provide(to, LOG, [], () => new InMemoryEventLog('coupon_create', PARTITIONS));
  provide(to, RECORDS, [], () => new InMemoryRecords());

  const counter = [STORE, T.knownIncarnation] as const;
  provide(to, T.issuanceCounter, counter, (store, known) => new InMemoryIssuanceCounter(store, known));
  provide(to, T.counterKeeper, counter, (store, known) => new InMemoryCounterKeeper(store, known));
  provide(to, T.counterHoldings, [STORE], (store) => new InMemoryCounterHoldings(store));
  provide(to, T.counterOpening, [STORE], (store) => new InMemoryCounterOpening(store));
  provide(to, T.counterServerProbe, [], () => alwaysReady('redis'));

  provide(to, T.couponEventPublisher, [LOG, T.clock], (log, clock) => new InMemoryCouponEventPublisher(log, clock));
  provide(to, T.eventLogProgress, [LOG], (log) => new InMemoryEventLogProgress(log, GROUP));
  provide(to, T.eventLogReader, [LOG], (log) => new InMemoryEventLogReader(log));
  provide(to, T.eventLogProbe, [], () => alwaysReady('kafka'));
  provide(
    to,
    IN_MEMORY_CONSUMER,
    [LOG, T.handleEvents, T.scheduler, T.journal],
    (log, handle, scheduler, journal) => new InMemoryCouponEventConsumer(log, GROUP, handle, scheduler, journal),
  );
  provide(to, T.handleEvents, [T.issueCoupons], (issueCoupons) => async (events) => {
    await issueCoupons.execute(events);
  });

  provide(to, T.campaignRepository, [RECORDS], (records) => new InMemoryCampaignRepository(records));
  provide(to, T.campaignChanges, [RECORDS], (records) => new InMemoryCampaignRepository(records));
  provide(to, T.couponRepository, [RECORDS, T.clock], (records, clock) => new InMemoryCouponRepository(records, clock));
  provide(to, T.failedEventStore, [RECORDS, T.clock], (records, clock) => new InMemoryFailedEventStore(records, clock));
  provide(to, T.voids, [RECORDS], (records) => new InMemoryVoids(records));
  provide(to, T.issuanceRecords, [RECORDS], (records) => new InMemoryIssuanceRecords(records));
  provide(to, T.recordedHoldings, [RECORDS], (records) => new InMemoryRecordedHoldings(records));
  provide(to, T.reconciliationReports, [RECORDS], (records) => new InMemoryReconciliationReports(records));
  provide(to, T.incarnations, [RECORDS], (records) => new InMemoryIncarnations(records));
  provide(to, T.leadership, [RECORDS], (records) => new InMemoryLeadership(records));
  provide(to, T.databaseProbe, [], () => alwaysReady('mysql'));
});
