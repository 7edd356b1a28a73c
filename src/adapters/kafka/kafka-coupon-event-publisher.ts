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
import { partitionOf } from './partition-by-key.ts';
import { ProducerLine } from './producer-line.ts';
import { type Entry, PublishingLane } from './publishing-lane.ts';
import { within } from './within.ts';

const CONNECT_INTERVAL = 1_000;

/**
 * Connections side by side. A broker answers one request of a connection after the other, and with a single replica
 * each partition of a request waits for the disk: partitions that are sent apart wait for it together.
 */
const LANES = 3;

/** Hands grants to Kafka, each to the lane of its partition. */
export class KafkaCouponEventPublisher implements CouponEventPublisher {
  readonly #settings: KafkaSettings;
  readonly #topic: KafkaEventTopic;
  readonly #scheduler: Scheduler;
  readonly #journal: Journal;
  readonly #closing = new AbortController();
  readonly #lanes: readonly PublishingLane[];
  #line: ProducerLine | null = null;

  constructor(settings: KafkaSettings, topic: KafkaEventTopic, clock: Clock, scheduler: Scheduler, journal: Journal) {
    this.#settings = settings;
    this.#topic = topic;
    this.#scheduler = scheduler;
    this.#journal = journal;
    this.#lanes = Array.from(
      { length: LANES },
      (_, lane) => new PublishingLane(clock, (entries) => this.#send(lane, entries)),
    );
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
    const lane = this.#lanes[partitionOf(grant.userId, this.#topic.plan.partitions) % LANES];
    return new Promise((resolve, reject) => {
      lane?.add({ message: encodeCouponEvent(grant, traceparent), handOverBy, resolve, reject });
    });
  }

  /** Finishes what is in flight or waiting first. */
  async disconnect(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#lanes.map(({ sent }) => sent));
    this.#line?.cut();
    this.#line = null;
  }

  async #send(lane: number, entries: readonly Entry[]): Promise<void> {
    const line = this.#line;
    if (line === null) throw new Error('what waits is refused when the line is lost');
    try {
      const messages = entries.map(({ message }) => message);
      await within(SEND_TIMEOUT, this.#scheduler, line.send(messages, lane));
      for (const entry of entries) entry.resolve();
    } catch (cause) {
      this.#lose(line, cause);
      // kafkajs reports one error for a send to several brokers: some of it may have been stored.
      for (const entry of entries) entry.reject(new OutcomeUnknown('event-log', 'Kafka did not acknowledge', cause));
    }
  }

  /** All lanes at once: what one broker does not acknowledge in time on one of them, it will not on the others. */
  #lose(line: ProducerLine, cause: unknown): void {
    if (this.#line !== line) return;
    line.cut();
    this.#line = null;
    for (const lane of this.#lanes) lane.refuseWaiting(cause);
    this.#journal.warn('Kafka does not acknowledge events any more', { error: cause, asksAgainIn: CONNECT_INTERVAL });
    void this.#scheduler.sleep(CONNECT_INTERVAL, this.#closing.signal).then(() => this.#connectWhenPossible());
  }

  async #connectWhenPossible(): Promise<void> {
    for (let attempt = 1; !this.#closing.signal.aborted; attempt++) {
      const line = new ProducerLine(this.#settings, this.#topic.plan.topic, LANES);
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
