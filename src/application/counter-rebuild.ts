import type { CampaignRecord } from '../domain/campaign.ts';
import type { CampaignId } from '../domain/campaign-id.ts';
import { Unavailable } from '../domain/outage.ts';
import type { Clock } from '../domain/ports/clock.ts';
import type { OpeningSession } from '../domain/ports/counter-opening.ts';
import type { CouponEventPublisher } from '../domain/ports/coupon-event-publisher.ts';
import { type EventLogProgress, hasPassed } from '../domain/ports/event-log-progress.ts';
import type { IssuanceRecords } from '../domain/ports/issuance-records.ts';
import type { Journal } from '../domain/ports/journal.ts';
import type { Scheduler } from '../domain/ports/scheduler.ts';
import { HAND_OVER_DEADLINE, PUBLISH_DEADLINE } from '../domain/publish-deadline.ts';

/** Monotonic clocks of two machines may differ by so much, per deadline. */
const CLOCK_MARGIN = 100;
const ASK_PROGRESS_EVERY = 100;
const AT_ONCE = 500;

interface Closed {
  readonly record: CampaignRecord;
  readonly epoch: number;
}

/**
 * Rebuilds counters from the permanent record. The order is the proof:
 *
 * 1. closed under a new epoch: nothing more is granted, and an older rebuild that wakes up can no longer finish
 * 2. the publish deadline waited out: whoever will be told "accepted" has his event in the log
 * 3. pending grants that survived in the counter published again: they are kept, though nobody was told
 * 4. the consumer past the end of the log of that moment: every such event is a coupon or a failed event
 * 5. snapshot of the record, which shuts out events of older epochs that are not recorded by then
 * 6. the counter replaced by the snapshot, and open, only while it is still closed for this epoch
 *
 * One wait serves all campaigns that are closed together. Anything that goes wrong rejects, and leaves the campaigns
 * closed: the next round starts over with a new epoch.
 */
export class CounterRebuild {
  readonly #records: IssuanceRecords;
  readonly #publisher: CouponEventPublisher;
  readonly #progress: EventLogProgress;
  readonly #clock: Clock;
  readonly #scheduler: Scheduler;
  readonly #journal: Journal;

  constructor(
    records: IssuanceRecords,
    publisher: CouponEventPublisher,
    progress: EventLogProgress,
    clock: Clock,
    scheduler: Scheduler,
    journal: Journal,
  ) {
    this.#records = records;
    this.#publisher = publisher;
    this.#progress = progress;
    this.#clock = clock;
    this.#scheduler = scheduler;
    this.#journal = journal;
  }

  async close(session: OpeningSession, records: readonly CampaignRecord[]): Promise<readonly Closed[]> {
    const closed: Closed[] = [];
    for (const record of records) {
      const epoch = await this.#records.raiseEpoch(record.id);
      if (await session.close(record.id, epoch)) closed.push({ record, epoch });
    }
    return closed;
  }

  async reopen(session: OpeningSession, closed: readonly Closed[], signal: AbortSignal): Promise<void> {
    await this.#wait(PUBLISH_DEADLINE + CLOCK_MARGIN, signal);
    for (const { record } of closed) await this.#publishSurvivors(session, record.id);
    await this.#drain(signal);
    for (const campaign of runningFirst(closed, this.#clock.now())) await this.#replace(session, campaign);
  }

  async #publishSurvivors(session: OpeningSession, id: CampaignId): Promise<void> {
    const survivors = await session.survivors(id);
    for (let from = 0; from < survivors.length; from += AT_ONCE) {
      const handOverBy = this.#clock.monotonic() + HAND_OVER_DEADLINE;
      const some = survivors.slice(from, from + AT_ONCE);
      await Promise.all(some.map((grant) => this.#publisher.publish(grant, handOverBy)));
    }
  }

  async #drain(signal: AbortSignal): Promise<void> {
    const end = await this.#progress.end();
    while (!hasPassed(await this.#progress.committed(), end)) await this.#wait(ASK_PROGRESS_EVERY, signal);
  }

  /** An aborted sleep ends early: going on after it would skip the very wait that the rebuild rests on. */
  async #wait(milliseconds: number, signal: AbortSignal): Promise<void> {
    await this.#scheduler.sleep(milliseconds, signal);
    if (signal.aborted) throw new Unavailable('counter', 'the rebuild was stopped; the next leader starts it over');
  }

  async #replace(session: OpeningSession, { record: { id }, epoch }: Closed): Promise<void> {
    const snapshot = await this.#records.snapshot(id, epoch, this.#clock.now());
    if (snapshot === null || !(await session.replace(snapshot.record, snapshot.highest, snapshot.holders))) {
      this.#journal.warn('a rebuild was overtaken by a later one', { campaign: id, epoch });
      return;
    }
    this.#journal.info('campaign reopened', { campaign: id, epoch, holders: snapshot.holders.length });
  }
}

/** Those whose opening hours are now, then those to come, then those that ended. */
const runningFirst = (closed: readonly Closed[], now: number): readonly Closed[] => {
  const rank = ({ record: { startsAt, endsAt } }: Closed): number => {
    if (endsAt !== null && endsAt <= now) return 2;
    return startsAt !== null && startsAt > now ? 1 : 0;
  };
  return closed.toSorted((a, b) => rank(a) - rank(b));
};
