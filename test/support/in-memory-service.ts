import { InMemoryEventLog } from '../../src/adapters/in-memory/event-log.ts';
import { InMemoryCampaignRepository } from '../../src/adapters/in-memory/in-memory-campaign-repository.ts';
import { InMemoryCounterKeeper } from '../../src/adapters/in-memory/in-memory-counter-keeper.ts';
import { InMemoryCounterOpening } from '../../src/adapters/in-memory/in-memory-counter-opening.ts';
import { InMemoryCounterStore } from '../../src/adapters/in-memory/in-memory-counter-store.ts';
import { InMemoryCouponEventConsumer } from '../../src/adapters/in-memory/in-memory-coupon-event-consumer.ts';
import { InMemoryCouponEventPublisher } from '../../src/adapters/in-memory/in-memory-coupon-event-publisher.ts';
import { InMemoryCouponRepository } from '../../src/adapters/in-memory/in-memory-coupon-repository.ts';
import { InMemoryEventLogProgress } from '../../src/adapters/in-memory/in-memory-event-log-progress.ts';
import { InMemoryFailedEventStore } from '../../src/adapters/in-memory/in-memory-failed-event-store.ts';
import { InMemoryIncarnations } from '../../src/adapters/in-memory/in-memory-incarnations.ts';
import { InMemoryIssuanceCounter } from '../../src/adapters/in-memory/in-memory-issuance-counter.ts';
import { InMemoryIssuanceRecords } from '../../src/adapters/in-memory/in-memory-issuance-records.ts';
import { InMemoryRecords } from '../../src/adapters/in-memory/records.ts';
import { AccountForCampaigns } from '../../src/application/account-for-campaigns.ts';
import { ApplyForCoupon } from '../../src/application/apply-for-coupon.ts';
import { CampaignDirectory } from '../../src/application/campaign-directory.ts';
import { CampaignLaunch } from '../../src/application/campaign-launch.ts';
import { ChangeCampaign } from '../../src/application/change-campaign.ts';
import { CompareTerms } from '../../src/application/compare-terms.ts';
import { CounterRebuild } from '../../src/application/counter-rebuild.ts';
import { FindApplication } from '../../src/application/find-application.ts';
import { IssueCoupons } from '../../src/application/issue-coupons.ts';
import { KeepCountersOpen } from '../../src/application/keep-counters-open.ts';
import { KnownIncarnation } from '../../src/application/known-incarnation.ts';
import { ListCoupons } from '../../src/application/list-coupons.ts';
import { ListFailedEvents } from '../../src/application/list-failed-events.ts';
import { OpenCampaign } from '../../src/application/open-campaign.ts';
import { ReissueFailedEvents } from '../../src/application/reissue-failed-events.ts';
import { SettlePendingGrants } from '../../src/application/settle-pending-grants.ts';
import { ShowCampaign } from '../../src/application/show-campaign.ts';
import { hasPassed } from '../../src/domain/ports/event-log-progress.ts';
import { eventually } from './eventually.ts';
import { ManualTime } from './manual-time.ts';
import { OutageSwitch } from './outage-switch.ts';
import { randomName } from './random.ts';
import { RecordingJournal } from './recording-journal.ts';

export interface InMemoryServiceOptions {
  readonly mostInFlight?: number;
  readonly partitions?: number;
  /** Milliseconds since 1970. */
  readonly now?: number;
}

/** Every adapter and use case over one memory, with the counter open and the consumer not started. */
export async function makeInMemoryService(options: InMemoryServiceOptions = {}) {
  const { mostInFlight = 1_000, partitions = 3 } = options;
  const time = new ManualTime(options.now);
  const journal = new RecordingJournal();
  /** `counter`: what requests ask of it. `database`: coupons and failed events; the campaigns stay. */
  const outages = { counter: new OutageSwitch(), database: new OutageSwitch() };

  const records = new InMemoryRecords(randomName('installation'));
  const store = new InMemoryCounterStore(time);
  const log = new InMemoryEventLog('coupon_create', partitions);
  const incarnations = new InMemoryIncarnations(records);
  const known = new KnownIncarnation(incarnations, time);
  const campaigns = new InMemoryCampaignRepository(records);
  const counter = outages.counter.guard(new InMemoryIssuanceCounter(store, known), ['admit', 'find', 'standing']);
  const counters = new InMemoryCounterKeeper(store, known);
  const opening = new InMemoryCounterOpening(store);
  const publisher = new InMemoryCouponEventPublisher(log, time);
  const coupons = outages.database.guard(new InMemoryCouponRepository(records, time), ['issue', 'find', 'listOf']);
  const failedEvents = outages.database.guard(new InMemoryFailedEventStore(records, time), [
    'keep',
    'page',
    'find',
    'countOpen',
    'openFailureOf',
    'due',
    'reissue',
    'postpone',
    'closeReadmitted',
  ]);
  const issuanceRecords = new InMemoryIssuanceRecords(records);
  const progress = new InMemoryEventLogProgress(log, 'coupons');

  const directory = new CampaignDirectory(campaigns, time);
  const launch = new CampaignLaunch(campaigns, counters, time, time);
  const rebuild = new CounterRebuild(issuanceRecords, publisher, progress, time, time, journal);
  const keepCountersOpen = new KeepCountersOpen(
    campaigns,
    incarnations,
    known,
    opening,
    counter,
    launch,
    rebuild,
    journal,
  );
  const issueCoupons = new IssueCoupons(coupons, failedEvents, counters);
  const handle = async (events: Parameters<typeof issueCoupons.execute>[0]): Promise<void> => {
    await issueCoupons.execute(events);
  };
  const consumer = new InMemoryCouponEventConsumer(log, 'coupons', handle, time, journal);

  await keepCountersOpen.execute(new AbortController().signal);

  return {
    time,
    journal,
    outages,
    records,
    store,
    log,
    known,
    incarnations,
    campaigns,
    counter,
    counters,
    opening,
    publisher,
    coupons,
    failedEvents,
    issuanceRecords,
    progress,
    consumer,
    directory,
    applyForCoupon: new ApplyForCoupon(counter, publisher, directory, time, mostInFlight),
    findApplication: new FindApplication(counter, coupons, failedEvents, directory),
    listCoupons: new ListCoupons(coupons),
    showCampaign: new ShowCampaign(counter, directory),
    openCampaign: new OpenCampaign(campaigns, counter, launch, time),
    changeCampaign: new ChangeCampaign(campaigns, campaigns, counter, counters),
    accountForCampaigns: new AccountForCampaigns(campaigns, issuanceRecords, counter, counters, progress, time),
    listFailedEvents: new ListFailedEvents(failedEvents),
    reissueFailedEvents: new ReissueFailedEvents(failedEvents, counter, counters, publisher, time),
    issueCoupons,
    keepCountersOpen,
    rebuild,
    compareTerms: new CompareTerms(campaigns, campaigns, counter, counters),
    settlePendingGrants: new SettlePendingGrants(campaigns, counters, counter, publisher, time),

    /** Runs the consumer until it has passed everything that lies in the log now. */
    async drain(): Promise<void> {
      const end = log.end();
      consumer.start();
      await eventually(async () => {
        if (!hasPassed(await progress.committed(), end)) throw new Error('the consumer has not passed the log');
      });
      await consumer.stop();
    },
  };
}
