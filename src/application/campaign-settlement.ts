import { type CampaignRecord, isArchivable, sameTerms } from '../domain/campaign.ts';
import { type CounterSample, grantedOf, type OpenStanding } from '../domain/counter-standing.ts';
import type { Clock } from '../domain/ports/clock.ts';
import type { CounterKeeper } from '../domain/ports/counter-keeper.ts';
import { type EventLogProgress, hasPassed } from '../domain/ports/event-log-progress.ts';
import type { IssuanceCounter } from '../domain/ports/issuance-counter.ts';
import type { IssuanceRecords } from '../domain/ports/issuance-records.ts';
import type { Scheduler } from '../domain/ports/scheduler.ts';

const PASSED_WITHIN = 30_000;
const ASK_PROGRESS_EVERY = 100;

/** How an ended campaign stood in the counter at one moment. */
interface Look {
  readonly record: CampaignRecord;
  readonly granted: number;
  readonly sample: CounterSample;
}

/** Finds out whether everything that the counter granted in an ended campaign is recorded, and nothing is under way. */
export class CampaignSettlement {
  readonly #counter: IssuanceCounter;
  readonly #counters: CounterKeeper;
  readonly #progress: EventLogProgress;
  readonly #records: IssuanceRecords;
  readonly #clock: Clock;
  readonly #scheduler: Scheduler;

  constructor(
    counter: IssuanceCounter,
    counters: CounterKeeper,
    progress: EventLogProgress,
    records: IssuanceRecords,
    clock: Clock,
    scheduler: Scheduler,
  ) {
    this.#counter = counter;
    this.#counters = counters;
    this.#progress = progress;
    this.#records = records;
    this.#clock = clock;
    this.#scheduler = scheduler;
  }

  /** Null: its counter is not open as the record says, or ended too recently by its own clock. */
  async look(record: CampaignRecord): Promise<Look | null> {
    const standing = await this.#counter.standing(record.id);
    if (standing.kind === 'unknown' || !isArchivable(standing, standing.now) || !agree(record, standing)) return null;
    const sample = await this.#counters.sample(record.id);
    if ('kind' in sample || sample.epoch !== standing.epoch || sample.counter !== standing.counter) return null;
    return { record, granted: grantedOf(standing), sample };
  }

  /** Whether the consumers have passed, in time, what lies in the log now: call it after looking. */
  async passed(signal: AbortSignal): Promise<boolean> {
    const until = this.#clock.monotonic() + PASSED_WITHIN;
    const end = await this.#progress.end();
    while (!hasPassed(await this.#progress.committed(), end)) {
      if (this.#clock.monotonic() >= until) return false;
      await this.#scheduler.sleep(ASK_PROGRESS_EVERY, signal);
      if (signal.aborted) return false;
    }
    return true;
  }

  /** Whether all that was seen is recorded, which a pending grant is not, and no event waits to become a coupon. */
  async isRecorded({ record, sample }: Look): Promise<boolean> {
    const { failed, recorded } = await this.#records.account(record.id, sample);
    return failed === 0 && recorded >= sample.counter;
  }
}

const agree = (record: CampaignRecord, standing: OpenStanding): boolean =>
  record.epoch === standing.epoch &&
  record.version === standing.version &&
  record.ceiling === standing.ceiling &&
  sameTerms(record, standing);
