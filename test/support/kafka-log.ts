import { decodeCouponEvent } from '../../src/adapters/kafka/coupon-event.ts';
import { KafkaAdmin } from '../../src/adapters/kafka/kafka-admin.ts';
import { KafkaCouponEventConsumer } from '../../src/adapters/kafka/kafka-coupon-event-consumer.ts';
import { KafkaCouponEventPublisher } from '../../src/adapters/kafka/kafka-coupon-event-publisher.ts';
import { KafkaEventLogProgress } from '../../src/adapters/kafka/kafka-event-log-progress.ts';
import { KafkaEventTopic } from '../../src/adapters/kafka/kafka-event-topic.ts';
import type { KafkaSettings } from '../../src/adapters/kafka/kafka-line.ts';
import type { ReceivedEvent } from '../../src/domain/failed-event.ts';
import { eventually } from './eventually.ts';
import { realClock, realScheduler } from './kafka-surroundings.ts';
import { readTopic } from './kafka-topic.ts';
import { randomName } from './random.ts';
import { RecordingJournal } from './recording-journal.ts';

/** A topic of its own with everything the adapters make of it; what was started is stopped with it. */
export class KafkaLog implements AsyncDisposable {
  readonly journal = new RecordingJournal();
  readonly crashes: Error[] = [];
  readonly admin: KafkaAdmin;
  readonly topic: KafkaEventTopic;
  readonly progress: KafkaEventLogProgress;
  readonly #settings: KafkaSettings;
  readonly #brokers: string;
  readonly #group = randomName('issuers');
  readonly #started: (() => Promise<void>)[] = [];

  constructor(brokers: string, partitions: number, openSocket?: KafkaSettings['openSocket']) {
    this.#brokers = brokers;
    this.#settings = { clientId: 'test', brokers: brokers.split(','), ...(openSocket && { openSocket }) };
    this.admin = new KafkaAdmin(this.#settings, realScheduler);
    this.topic = new KafkaEventTopic(this.admin, {
      topic: randomName('coupon_create'),
      partitions,
      replicationFactor: 1,
    });
    this.progress = new KafkaEventLogProgress(this.admin, this.topic.plan.topic, this.#group);
  }

  /** Connected, but perhaps not available yet. */
  publisher(): KafkaCouponEventPublisher {
    const publisher = new KafkaCouponEventPublisher(this.#settings, this.topic, realClock, realScheduler, this.journal);
    publisher.connect();
    this.#started.push(() => publisher.disconnect());
    return publisher;
  }

  async availablePublisher(): Promise<KafkaCouponEventPublisher> {
    const publisher = this.publisher();
    await eventually(() => {
      if (!publisher.isAvailable()) throw new Error('the publisher is not available');
    });
    return publisher;
  }

  /** A member of the log's one group. */
  consumer(
    handle: (events: readonly ReceivedEvent[]) => Promise<void>,
    openSocket?: KafkaSettings['openSocket'],
  ): KafkaCouponEventConsumer {
    const { topic, journal, crashes } = this;
    const onCrash = (error: Error) => void crashes.push(error);
    const settings = { ...this.#settings, ...(openSocket && { openSocket }) };
    const consumer = new KafkaCouponEventConsumer(
      settings,
      topic,
      this.#group,
      handle,
      realScheduler,
      journal,
      onCrash,
    );
    this.#started.push(() => consumer.stop());
    return consumer;
  }

  /** Everything that lies in the topic by now. */
  async events(): Promise<readonly ReceivedEvent[]> {
    const { topic } = this.topic.plan;
    const messages = await readTopic(this.#brokers, topic);
    return messages.map(({ partition, message }) => decodeCouponEvent(topic, partition, message));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#started.map((stop) => stop()));
    await this.admin.disconnect();
  }
}
