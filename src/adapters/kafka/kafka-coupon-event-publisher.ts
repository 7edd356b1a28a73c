import type { Message } from 'kafkajs';
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
import { within } from './within.ts';

/** Encoding takes kafkajs 30 µs a message and more on a busy machine; all of a send has to fit into its second. */
const LARGEST_SEND = 500;
const CONNECT_INTERVAL = 1_000;

interface Entry {
  readonly message: Message;
  readonly handOverBy: number;
  resolve(): void;
  reject(error: Error): void;
}

/**
 * Sends at once when nothing is in flight; otherwise what has gathered goes together when the send in flight ends
 * (kafkajs has no linger, and a send of one costs as much as a send of hundreds).
 */
export class KafkaCouponEventPublisher implements CouponEventPublisher {
  readonly #settings: KafkaSettings;
  readonly #topic: KafkaEventTopic;
  readonly #clock: Clock;
  readonly #scheduler: Scheduler;
  readonly #journal: Journal;
  readonly #closing = new AbortController();
  #line: ProducerLine | null = null;
  #waiting: Entry[] = [];
  #isSending = false;
  #sent: Promise<void> = Promise.resolve();

  constructor(settings: KafkaSettings, topic: KafkaEventTopic, clock: Clock, scheduler: Scheduler, journal: Journal) {
    this.#settings = settings;
    this.#topic = topic;
    this.#clock = clock;
    this.#scheduler = scheduler;
    this.#journal = journal;
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
      this.#waiting.push({ message: encodeCouponEvent(grant, traceparent), handOverBy, resolve, reject });
      if (!this.#isSending) this.#sent = this.#sendWaiting();
    });
  }

  /** Finishes what is in flight or waiting first. */
  async disconnect(): Promise<void> {
    this.#closing.abort();
    await this.#sent;
    this.#line?.cut();
    this.#line = null;
  }

  /** Nothing is awaited between the last look at what waits and the end: an entry is taken by this loop or starts one. */
  async #sendWaiting(): Promise<void> {
    this.#isSending = true;
    for (let line = this.#line; line !== null; line = this.#line) {
      const entries = this.#takePunctual();
      if (entries.length === 0) break;
      await this.#send(line, entries);
    }
    this.#isSending = false;
  }

  #takePunctual(): readonly Entry[] {
    const now = this.#clock.monotonic();
    const punctual: Entry[] = [];
    let taken = 0;
    for (const entry of this.#waiting) {
      if (punctual.length === LARGEST_SEND) break;
      taken++;
      if (now <= entry.handOverBy) punctual.push(entry);
      else entry.reject(new Unavailable('event-log', 'too late to hand the grant to Kafka'));
    }
    this.#waiting = this.#waiting.slice(taken);
    return punctual;
  }

  async #send(line: ProducerLine, entries: readonly Entry[]): Promise<void> {
    try {
      await within(SEND_TIMEOUT, this.#scheduler, line.send(entries.map(({ message }) => message)));
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
    const refused = this.#waiting;
    this.#waiting = [];
    for (const entry of refused) entry.reject(new Unavailable('event-log', 'Kafka has become unavailable', cause));
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
