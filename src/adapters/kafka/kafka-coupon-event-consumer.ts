import { backoff } from '../../domain/backoff.ts';
import type { Journal } from '../../domain/ports/journal.ts';
import type { Scheduler } from '../../domain/ports/scheduler.ts';
import { BatchDelivery } from './batch-delivery.ts';
import { ConsumerLine } from './consumer-line.ts';
import type { HandleEvents } from './gathered-events.ts';
import type { KafkaEventTopic } from './kafka-event-topic.ts';
import type { KafkaSettings } from './kafka-line.ts';
import { within } from './within.ts';

const RESTARTS = { first: 100, last: 5_000 };
const STOP_TIMEOUT = 5_000;

/** Reads the topic as a member of the group, over one connection after another, until it is stopped. */
export class KafkaCouponEventConsumer {
  readonly #settings: KafkaSettings;
  readonly #topic: KafkaEventTopic;
  readonly #group: string;
  readonly #delivery: BatchDelivery;
  readonly #scheduler: Scheduler;
  readonly #journal: Journal;
  readonly #onCrash: (error: Error) => void;
  readonly #stopping = new AbortController();
  #line: ConsumerLine | null = null;
  #running: Promise<void> = Promise.resolve();

  /**
   * @param onCrash called once, for an error that a new connection does not cure: the process has to end, because
   *   nothing is consumed any more
   */
  constructor(
    settings: KafkaSettings,
    topic: KafkaEventTopic,
    group: string,
    handle: HandleEvents,
    scheduler: Scheduler,
    journal: Journal,
    onCrash: (error: Error) => void,
  ) {
    this.#settings = settings;
    this.#topic = topic;
    this.#group = group;
    this.#delivery = new BatchDelivery(handle, scheduler, journal);
    this.#scheduler = scheduler;
    this.#journal = journal;
    this.#onCrash = onCrash;
  }

  /** Joins the group as soon as Kafka can be reached, and again after every outage, in the background. */
  start(): void {
    this.#running = this.#run();
  }

  /** Whether it is a member of the group at this moment. */
  isRunning(): boolean {
    return this.#line?.isMember() ?? false;
  }

  /** Resolves when the batch in hand is settled and the group is left, after 5 s at most. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    const line = this.#line;
    await within(STOP_TIMEOUT, this.#scheduler, line?.leave() ?? Promise.resolve()).catch(() => {});
    line?.cut();
    await this.#running;
  }

  async #run(): Promise<void> {
    let failures = 0;
    while (!this.#stopping.signal.aborted) {
      const line = new ConsumerLine(this.#settings, this.#group);
      this.#line = line;
      try {
        await this.#topic.ensure();
        const giveUp = (error: Error) => line.giveUp(error);
        await line.join(this.#topic.plan, async (payload) => {
          await this.#delivery.deliver(payload, giveUp);
          // Only now: a membership that ends before its first batch was no success.
          failures = 0;
        });
        if (this.#stopping.signal.aborted) return;
        this.#journal.info('Consuming events', { topic: this.#topic.plan.topic, group: this.#group });
        await line.ended();
      } catch (error) {
        line.cut();
        if (this.#stopping.signal.aborted) return;
        if (isBug(error)) return this.#onCrash(error);
        const retryIn = backoff(failures++, RESTARTS, this.#scheduler.random());
        this.#journal.warn('Kafka cannot be consumed from; joining the group again', { retryIn, error });
        await this.#scheduler.sleep(retryIn, this.#stopping.signal);
      }
    }
  }
}

/** What kafkajs gives up for is an outage, and a new connection the cure, unless a mistake in a program lies behind it. */
function isBug(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  if (error.cause !== undefined) return isBug(error.cause);
  return ['TypeError', 'RangeError', 'ReferenceError', 'SyntaxError'].includes(error.name);
}
