import type { EachBatchPayload, KafkaMessage } from 'kafkajs';
import { backoff } from '../../domain/backoff.ts';
import type { Journal } from '../../domain/ports/journal.ts';
import type { Scheduler } from '../../domain/ports/scheduler.ts';
import { chunksOf } from './batch-chunks.ts';
import { decodeCouponEvent } from './coupon-event.ts';
import { GatheredEvents, type HandleEvents } from './gathered-events.ts';

const GATHERING = { together: 1_000, atOnce: 2 };
const CHUNK_LIMITS = { messages: GATHERING.together, bytes: 1_000_000 };
const RETRIES = { first: 100, last: 5_000 };
const HEARTBEAT_INTERVAL = 1_000;
/** An outage has the same to say at every try. */
const WARN_EVERY = 10;

/** Brings the batches that kafkajs fetched to the handler, and commits what the handler has settled. */
export class BatchDelivery {
  readonly #gathered: GatheredEvents;
  readonly #scheduler: Scheduler;
  readonly #journal: Journal;
  readonly #failures = new Map<number, number>();

  constructor(handle: HandleEvents, scheduler: Scheduler, journal: Journal) {
    this.#gathered = new GatheredEvents(handle, GATHERING);
    this.#scheduler = scheduler;
    this.#journal = journal;
  }

  /**
   * Never rejects: a TypeError that leaves it would stop a kafkajs consumer for good. What was not settled is not
   * resolved, so that kafkajs fetches it again once the partition is resumed.
   *
   * @param giveUp ends the membership that the batch came from, for the group does not know it any more: kafkajs may go
   *   on fetching without noticing, and without a heartbeat, and every commit would be refused for ever
   */
  async deliver(payload: EachBatchPayload, giveUp: (error: Error) => void): Promise<void> {
    const { partition, messages } = payload.batch;
    try {
      for (const chunk of chunksOf(messages, CHUNK_LIMITS)) {
        if (!payload.isRunning() || payload.isStale()) return;
        await this.#settle(payload, chunk);
        this.#failures.delete(partition);
      }
    } catch (error) {
      this.#retryLater(payload, error);
      if (isMembershipLost(error)) giveUp(error);
    }
  }

  async #settle(payload: EachBatchPayload, chunk: readonly KafkaMessage[]): Promise<void> {
    const { topic, partition, messages } = payload.batch;
    const last = chunk.at(-1)?.offset ?? payload.batch.lastOffset();
    const events = chunk.map((message) => decodeCouponEvent(topic, partition, message));
    await this.#whileHeartbeating(payload, this.#gathered.handle(events));
    // Behind the last record there may be offsets that no record has, such as the markers of somebody's transactions.
    const end = last === messages.at(-1)?.offset ? payload.batch.lastOffset() : last;
    const next = String(BigInt(end) + 1n);
    await payload.commitOffsetsIfNecessary({ topics: [{ topic, partitions: [{ partition, offset: next }] }] });
    // Resolved after the commit: a commit that failed is made up for by the redelivery.
    payload.resolveOffset(end);
  }

  /** An outage of the database can keep a batch for longer than the session of the group lasts. */
  async #whileHeartbeating(payload: EachBatchPayload, work: Promise<void>): Promise<void> {
    const done = new AbortController();
    void this.#heartbeatUntil(payload, done.signal);
    try {
      await work;
    } finally {
      done.abort('done');
    }
  }

  async #heartbeatUntil(payload: EachBatchPayload, done: AbortSignal): Promise<void> {
    for (;;) {
      await this.#scheduler.sleep(HEARTBEAT_INTERVAL, done);
      if (done.aborted) return;
      // A rebalance shows here first; kafkajs meets it again after the batch, and joins anew.
      await payload.heartbeat().catch(() => {});
    }
  }

  #retryLater(payload: EachBatchPayload, error: unknown): void {
    const { partition } = payload.batch;
    const failures = this.#failures.get(partition) ?? 0;
    this.#failures.set(partition, failures + 1);
    const retryIn = backoff(failures, RETRIES, this.#scheduler.random());
    if (failures % WARN_EVERY === 0) {
      const details = { partition, failures: failures + 1, retryIn, error };
      this.#journal.warn('A batch of events could not be settled and is delivered again', details);
    }
    const resume = payload.pause();
    void this.#scheduler.sleep(retryIn).then(resume);
  }
}

/** By the names of Kafka's protocol errors, which kafkajs gives as `type`. */
const isMembershipLost = (error: unknown): error is Error =>
  error instanceof Error &&
  'type' in error &&
  (error.type === 'UNKNOWN_MEMBER_ID' || error.type === 'ILLEGAL_GENERATION');
