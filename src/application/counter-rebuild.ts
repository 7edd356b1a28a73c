import type { CampaignRecord } from '../domain/campaign.ts';
import type { CampaignId } from '../domain/campaign-id.ts';
import { Unavailable } from '../domain/outage.ts';
import type { Clock } from '../domain/ports/clock.ts';
import type { OpeningSession } from '../domain/ports/counter-opening.ts';
import type { CouponEventPublisher } from '../domain/ports/coupon-event-publisher.ts';
import { type EventLogProgress, hasPassed } from '../domain/ports/event-log-progress.ts';
import type { IssuanceRecords, Snapshot } from '../domain/ports/issuance-records.ts';
import type { Journal } from '../domain/ports/journal.ts';
import type { Scheduler } from '../domain/ports/scheduler.ts';
import { HAND_OVER_DEADLINE, PUBLISH_DEADLINE } from '../domain/publish-deadline.ts';
import { severalAtOnce } from './several-at-once.ts';

/** Monotonic clocks of two machines may differ by so much, per deadline. */
const CLOCK_MARGIN = 100;
const ASK_PROGRESS_EVERY = 100;
const AT_ONCE = 500;
const CLOSED_AT_ONCE = 8;
/** Each is waiting for the database or for the counter most of the time; holds a few pages of holders. */
const REPLACED_AT_ONCE = 3;

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
  /** Failed when they were last tried: they come last, or one that cannot be rebuilt would hold up all others. */
  readonly #failed = new Set<CampaignId>();

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
    const closed = await severalAtOnce(CLOSED_AT_ONCE, records, async (record): Promise<Closed | null> => {
      const epoch = await this.#records.raiseEpoch(record.id);
      return epoch !== null && (await session.close(record.id, epoch)) ? { record, epoch } : null;
    });
    return closed.filter((each) => each !== null);
  }

  async reopen(session: OpeningSession, closed: readonly Closed[], signal: AbortSignal): Promise<void> {
    await this.#wait(PUBLISH_DEADLINE + CLOCK_MARGIN, signal);
    for (const { record } of closed) await this.#publishSurvivors(session, record.id);
    const drained = await this.#took(() => this.#drain(signal));
    this.#journal.info('everything that was granted is recorded', { campaigns: closed.length, waited: drained.ms });
    const failedBefore = ({ record: { id } }: Closed) => Number(this.#failed.has(id));
    const inOrder = runningFirst(closed, this.#clock.now()).toSorted((a, b) => failedBefore(a) - failedBefore(b));
    await severalAtOnce(REPLACED_AT_ONCE, inOrder, async (campaign) => {
      this.#failed.add(campaign.record.id);
      await this.#replace(session, campaign);
      this.#failed.delete(campaign.record.id);
    });
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
    const { answer: snapshot, ms: snapshotTook } = await this.#took(() =>
      this.#records.snapshot(id, epoch, this.#clock.now()),
    );
    let holders = 0;
    const counted = async function* (pages: Snapshot['holders']) {
      for await (const page of pages) {
        holders += page.length;
        yield page;
      }
    };
    const { answer: isReplaced, ms: loadTook } = await this.#took(async () =>
      snapshot === null ? false : session.replace(snapshot.record, snapshot.highest, counted(snapshot.holders)),
    );
    if (isReplaced) this.#journal.info('campaign reopened', { campaign: id, epoch, holders, snapshotTook, loadTook });
    else this.#journal.warn('a rebuild was overtaken by a later one', { campaign: id, epoch });
  }

  async #took<T>(work: () => Promise<T>): Promise<{ readonly answer: T; readonly ms: number }> {
    const startedAt = this.#clock.monotonic();
    const answer = await work();
    return { answer, ms: Math.round(this.#clock.monotonic() - startedAt) };
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
