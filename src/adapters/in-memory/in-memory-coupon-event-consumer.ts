import { backoff } from '../../domain/backoff.ts';
import type { ReceivedEvent } from '../../domain/failed-event.ts';
import type { Journal } from '../../domain/ports/journal.ts';
import type { Scheduler } from '../../domain/ports/scheduler.ts';
import type { InMemoryEventLog } from './event-log.ts';
import type { ConsumerGroup } from './event-log-consumer-group.ts';

const LARGEST_BATCH = 1_000;
const RETRIES = { first: 100, last: 5_000 };

/** Delivers the events of the log in batches and commits a batch once its handler has resolved. */
export class InMemoryCouponEventConsumer {
  readonly #log: InMemoryEventLog;
  readonly #group: ConsumerGroup;
  readonly #handle: (events: readonly ReceivedEvent[]) => Promise<void>;
  readonly #scheduler: Scheduler;
  readonly #journal: Journal;
  #stopping = new AbortController();
  #followers: Promise<void>[] = [];

  constructor(
    log: InMemoryEventLog,
    group: string,
    handle: (events: readonly ReceivedEvent[]) => Promise<void>,
    scheduler: Scheduler,
    journal: Journal,
  ) {
    this.#log = log;
    this.#group = log.group(group);
    this.#handle = handle;
    this.#scheduler = scheduler;
    this.#journal = journal;
  }

  start(): void {
    this.#stopping = new AbortController();
    const { signal } = this.#stopping;
    this.#group.join(this);
    this.#followers = Array.from({ length: this.#log.partitions }, (_, partition) => this.#follow(partition, signal));
  }

  /** Resolves after the batches in hand; what they did not finish is delivered again after the next start. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#log.wake();
    await Promise.all(this.#followers);
    this.#group.leave(this);
  }

  isRunning(): boolean {
    return this.#followers.length > 0 && !this.#stopping.signal.aborted;
  }

  async #follow(partition: number, stopping: AbortSignal): Promise<void> {
    let failures = 0;
    while (!stopping.aborted) {
      const events = this.#next(partition);
      if (events.length === 0) {
        await this.#log.changed();
        continue;
      }
      const next = this.#group.committedOf(partition) + BigInt(events.length);
      try {
        await this.#handle(events);
        this.#group.commit(this, partition, next);
        failures = 0;
      } catch (error) {
        const retryIn = backoff(failures++, RETRIES, this.#scheduler.random());
        this.#journal.warn('A batch of events could not be handled and is delivered again', {
          partition,
          events: events.length,
          retryIn,
          error,
        });
        await this.#scheduler.sleep(retryIn, stopping);
      }
    }
  }

  #next(partition: number): readonly ReceivedEvent[] {
    if (this.#log.fault === 'away' || !this.#group.owns(this, partition)) return [];
    return this.#log.read(partition, this.#group.committedOf(partition), LARGEST_BATCH);
  }
}
