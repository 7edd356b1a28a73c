import type { UnknownReason } from '../domain/admission.ts';
import type { CampaignRecord, Instant } from '../domain/campaign.ts';
import type { CampaignId } from '../domain/campaign-id.ts';
import type { CounterSample, CounterStanding } from '../domain/counter-standing.ts';
import { Unavailable } from '../domain/outage.ts';
import type { CampaignRepository } from '../domain/ports/campaign-repository.ts';
import type { Clock } from '../domain/ports/clock.ts';
import type { CounterHoldings } from '../domain/ports/counter-holdings.ts';
import type { CounterKeeper } from '../domain/ports/counter-keeper.ts';
import { type EventLogProgress, hasPassed, type LogPosition } from '../domain/ports/event-log-progress.ts';
import type { IssuanceCounter } from '../domain/ports/issuance-counter.ts';
import type { RecordedHoldings } from '../domain/ports/recorded-holdings.ts';
import type { Scheduler } from '../domain/ports/scheduler.ts';
import { type Disagreement, disagreementKey } from '../domain/reconciliation.ts';
import { type LoggedUsers, SequenceComparison } from '../domain/sequence-comparison.ts';
import type { EventLogIndex } from './event-log-index.ts';

/** One look at a campaign in all three places. */
export type Look =
  | {
      readonly kind: 'compared';
      readonly epoch: number;
      readonly watermark: number;
      readonly sampledAt: Instant;
      /** Anything that changes with a change of the campaign. */
      readonly standing: string;
      readonly disagreements: ReadonlyMap<string, Disagreement>;
    }
  | { readonly kind: 'unverifiable'; readonly reason: UnknownReason }
  /** The counter was rebuilt meanwhile, or the campaign is gone: nothing can be said. */
  | { readonly kind: 'overtaken' };

/** The sequence from which on the log must have everything of a campaign; asked after the log was read. */
type FirstCompared = (record: CampaignRecord, counter: number) => number;

interface Sampled {
  readonly id: CampaignId;
  readonly sample: CounterSample;
  readonly sampledAt: Instant;
}

const ASK_PROGRESS_EVERY = 100;
const PASS_WITHIN = 30_000;
/** Some milliseconds; the process issues coupons meanwhile. */
const SEQUENCES_AT_ONCE = 20_000;

/**
 * Compares campaigns while traffic runs. The order is the proof:
 *
 * 1. the counter sampled: up to the sequence below its lowest pending one, every event was acknowledged
 * 2. the end of the event log, which therefore lies behind those events
 * 3. the consumers past that end: each of those events is a coupon or a failed event
 * 4. the log read up to that end, the record as of one moment, and the holders of the counter
 * 5. the counter asked again, last: in the same epoch nothing was rebuilt in between, and whatever was recorded had been
 *    counted before
 *
 * What remains is in progress for moments: a void that the counter has yet to hear of, a lowering between counter and
 * record. So whoever calls it looks twice.
 */
export class CampaignComparison {
  readonly #campaigns: CampaignRepository;
  readonly #counter: IssuanceCounter;
  readonly #counters: CounterKeeper;
  readonly #holdings: CounterHoldings;
  readonly #record: RecordedHoldings;
  readonly #progress: EventLogProgress;
  readonly #clock: Clock;
  readonly #scheduler: Scheduler;

  constructor(
    campaigns: CampaignRepository,
    counter: IssuanceCounter,
    counters: CounterKeeper,
    holdings: CounterHoldings,
    record: RecordedHoldings,
    progress: EventLogProgress,
    clock: Clock,
    scheduler: Scheduler,
  ) {
    this.#campaigns = campaigns;
    this.#counter = counter;
    this.#counters = counters;
    this.#holdings = holdings;
    this.#record = record;
    this.#progress = progress;
    this.#clock = clock;
    this.#scheduler = scheduler;
  }

  /**
   * One wait and one reading of the log serve all of them.
   *
   * @param spend told how many milliseconds were worked, not waited
   */
  async look(
    ids: readonly CampaignId[],
    log: EventLogIndex,
    firstCompared: FirstCompared,
    spend: (milliseconds: number) => void,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<CampaignId, Look>> {
    const looks = new Map<CampaignId, Look>();
    const sampled: Sampled[] = [];
    for (const id of ids) {
      const sample = await this.#counters.sample(id);
      if ('kind' in sample) looks.set(id, { kind: 'unverifiable', reason: sample.reason });
      else sampled.push({ id, sample, sampledAt: this.#clock.now() });
    }
    if (sampled.length === 0) return looks;
    await this.#passTheEnd(async (end) => {
      const startedAt = this.#clock.monotonic();
      await log.readTo(end, await this.#campaigns.active(), signal);
      spend(this.#clock.monotonic() - startedAt);
    }, signal);
    for (const one of sampled) {
      const startedAt = this.#clock.monotonic();
      looks.set(one.id, await this.#compare(one, log, firstCompared, signal));
      spend(this.#clock.monotonic() - startedAt);
    }
    return looks;
  }

  async #passTheEnd(then: (end: LogPosition) => Promise<void>, signal: AbortSignal): Promise<void> {
    const end = await this.#progress.end();
    const until = this.#clock.monotonic() + PASS_WITHIN;
    while (!hasPassed(await this.#progress.committed(), end)) {
      if (this.#clock.monotonic() >= until) throw new Unavailable('event-log', 'the consumers are too far behind');
      await this.#wait(ASK_PROGRESS_EVERY, signal);
    }
    await then(end);
  }

  async #compare(
    { id, sample, sampledAt }: Sampled,
    log: EventLogIndex,
    firstCompared: FirstCompared,
    signal: AbortSignal,
  ): Promise<Look> {
    const watermark = watermarkOf(sample);
    const comparison = new SequenceComparison(watermark, sample.counter);
    const record = await this.#record.read(id, (page) => {
      goOnUnless(signal);
      comparison.addRecorded(page);
    });
    for await (const page of this.#holdings.holders(id)) {
      goOnUnless(signal);
      comparison.addCounted(page);
    }
    const standing = await this.#counter.standing(id);
    if (record === null || record.archivedAt !== null) return { kind: 'overtaken' };
    if (standing.kind === 'unknown') return { kind: 'unverifiable', reason: standing.reason };
    if (standing.epoch !== sample.epoch) return { kind: 'overtaken' };
    const logged: LoggedUsers = { users: log.usersOf(id), from: firstCompared(record, standing.counter) };
    for (let from = 1; from <= watermark; from += SEQUENCES_AT_ONCE) {
      comparison.compare(from, from + SEQUENCES_AT_ONCE - 1, logged);
      if (from + SEQUENCES_AT_ONCE <= watermark) await this.#wait(0, signal);
    }
    const found = comparison.conclude(record, standing);
    const disagreements = new Map(found.map((each) => [disagreementKey(each), each]));
    const { epoch } = standing;
    return { kind: 'compared', epoch, watermark, sampledAt, standing: changeOf(standing), disagreements };
  }

  async #wait(milliseconds: number, signal: AbortSignal): Promise<void> {
    await this.#scheduler.sleep(milliseconds, signal);
    goOnUnless(signal);
  }
}

/** A campaign of millions takes longer to be read than a process has time to stop. */
function goOnUnless(signal: AbortSignal): void {
  if (signal.aborted) throw new Unavailable('database', 'the reconciliation was stopped');
}

/** The same as long as nothing happens to the counter of a campaign. */
export const changeOf = (standing: CounterStanding): string =>
  standing.kind === 'open'
    ? `${standing.version}.${standing.counter}.${standing.epoch}.${standing.pending}`
    : standing.reason;

/** Everything up to it is granted, told or about to be told, and durable in the event log. */
const watermarkOf = ({ counter, pending }: CounterSample): number =>
  pending.reduce((lowest, sequence) => Math.min(lowest, sequence - 1), counter);
