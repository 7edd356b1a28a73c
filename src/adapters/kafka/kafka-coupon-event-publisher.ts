import type { Grant } from '../../domain/grant.ts';
import { OutcomeUnknown, Unavailable } from '../../domain/outage.ts';
import type { Clock } from '../../domain/ports/clock.ts';
import type { CouponEventPublisher } from '../../domain/ports/coupon-event-publisher.ts';
import type { Journal } from '../../domain/ports/journal.ts';
import type { Scheduler } from '../../domain/ports/scheduler.ts';
import { SEND_TIMEOUT } from '../../domain/publish-deadline.ts';
import { encodeCouponEvent } from './coupon-event.ts';
import type { KafkaEventTopic } from './kafka-event-topic.ts';
import type { KafkaSettings } from './kafka-line.ts';
import { ProducerLine } from './producer-line.ts';
import { type Entry, SendQueue } from './send-queue.ts';
import { within } from './within.ts';

const CONNECT_INTERVAL = 1_000;

/** Hands grants to Kafka over one connection after the other. */
export class KafkaCouponEventPublisher implements CouponEventPublisher {
  readonly #settings: KafkaSettings;
  readonly #topic: KafkaEventTopic;
  readonly #scheduler: Scheduler;
  readonly #journal: Journal;
  readonly #closing = new AbortController();
  readonly #queue: SendQueue;
  #line: ProducerLine | null = null;

  constructor(settings: KafkaSettings, topic: KafkaEventTopic, clock: Clock, scheduler: Scheduler, journal: Journal) {
    this.#settings = settings;
    this.#topic = topic;
    this.#scheduler = scheduler;
    this.#journal = journal;
    this.#queue = new SendQueue(clock, (entries) => this.#send(entries));
  }

  /** Tries in the background until Kafka answers, for ever; `isAvailable` says when it has. */
  connect(): void {
    void this.#connectWhenPossible();
  }

  isAvailable(): boolean {
    return this.#line !== null;
  }

  publish(grant: Grant, handOverBy: number, traceparent?: string): Promise<void> {
    if (this.#line === null) return Promise.reject(new Unavailable('event-log', 'Kafka is not available'));
    return new Promise((resolve, reject) => {
      this.#queue.add({ message: encodeCouponEvent(grant, traceparent), handOverBy, resolve, reject });
    });
  }

  /** Finishes what is in flight or waiting first. */
  async disconnect(): Promise<void> {
    this.#closing.abort();
    await this.#queue.sent;
    this.#line?.cut();
    this.#line = null;
  }

  async #send(entries: readonly Entry[]): Promise<void> {
    const line = this.#line;
    if (line === null) throw new Error('what waits is refused when the line is lost');
    try {
      const messages = entries.map(({ message }) => message);
      await within(SEND_TIMEOUT, this.#scheduler, line.send(messages));
      for (const entry of entries) entry.resolve();
    } catch (cause) {
      this.#lose(line, cause);
      // kafkajs reports one error for a send to several brokers: some of it may have been stored.
      for (const entry of entries) entry.reject(new OutcomeUnknown('event-log', 'Kafka did not acknowledge', cause));
    }
  }

  #lose(line: ProducerLine, cause: unknown): void {
    line.cut();
    this.#line = null;
    this.#queue.refuseWaiting(cause);
    this.#journal.warn('Kafka does not acknowledge events any more', { error: cause, asksAgainIn: CONNECT_INTERVAL });
    void this.#scheduler.sleep(CONNECT_INTERVAL, this.#closing.signal).then(() => this.#connectWhenPossible());
  }

  async #connectWhenPossible(): Promise<void> {
    for (let attempt = 1; !this.#closing.signal.aborted; attempt++) {
      const line = new ProducerLine(this.#settings, this.#topic.plan.topic);
      try {
        await this.#topic.ensure();
        await within(SEND_TIMEOUT, this.#scheduler, line.connect());
        if (this.#closing.signal.aborted) return line.cut();
        this.#line = line;
        this.#journal.info('Kafka takes events', { topic: this.#topic.plan.topic });
        return;
      } catch (error) {
        line.cut();
        if (attempt === 1) this.#journal.warn('Kafka cannot be reached; it is asked every second', { error });
        await this.#scheduler.sleep(CONNECT_INTERVAL, this.#closing.signal);
      }
    }
  }
}
