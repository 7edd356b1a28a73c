import type { Consumer, EachBatchPayload } from 'kafkajs';
import { KafkaLine } from '../../../src/adapters/kafka/kafka-line.ts';
import { withAdmin } from '../../../test/support/kafka-topic.ts';
import { randomName } from '../../../test/support/random.ts';
import type { Installation } from '../../support/installation.ts';

export type Offsets = readonly { readonly partition: number; readonly offset: string }[];

const GIVE_UP_AFTER = 60_000;

/**
 * kafkajs with the settings of the service's consumer, on the service's topic, in a group of its own: counts what it is
 * given, and commits each batch.
 */
export class BareConsume {
  readonly #brokers: string;
  readonly #topic: string;
  readonly #line: KafkaLine;
  readonly #consumer: Consumer;
  #left = 0;
  #all = Promise.withResolvers<void>();

  private constructor({ servers, deployment }: Installation) {
    this.#brokers = servers.kafkaBrokers;
    this.#topic = deployment.topic;
    this.#line = new KafkaLine(
      { clientId: 'bench', brokers: [servers.kafkaBrokers] },
      { requestTimeout: 3_000, retry: { retries: 8 } },
    );
    this.#consumer = this.#line.kafka.consumer({
      groupId: randomName('bench'),
      // What src/adapters/kafka/consumer-line.ts sets.
      sessionTimeout: 6_000,
      heartbeatInterval: 1_000,
      rebalanceTimeout: 10_000,
      maxWaitTimeInMs: 500,
      maxBytesPerPartition: 1_048_576,
    });
  }

  /** A member of its group, that fetches nothing yet. */
  static async join(installation: Installation): Promise<BareConsume> {
    const consume = new BareConsume(installation);
    const consumer = consume.#consumer;
    await consumer.connect();
    await consumer.subscribe({ topic: consume.#topic, fromBeginning: true });
    const joined = new Promise<void>((resolve) => {
      consumer.on(consumer.events.GROUP_JOIN, () => {
        consumer.pause([{ topic: consume.#topic }]);
        resolve();
      });
    });
    await consumer.run({ autoCommit: false, eachBatch: (payload) => consume.#take(payload) });
    await joined;
    return consume;
  }

  /** Where the topic ends now, for whoever reads committed records. */
  offsets(): Promise<Offsets> {
    return withAdmin(this.#brokers, async (admin) =>
      (await admin.fetchTopicOffsets(this.#topic)).map(({ partition, high }) => ({ partition, offset: high })),
    );
  }

  /** Reads so many events from there on; answers the seconds from the first fetch to the last commit. */
  async consume(from: Offsets, events: number): Promise<number> {
    this.#left = events;
    this.#all = Promise.withResolvers();
    const tooLate = setTimeout(() => {
      this.#all.reject(new Error(`${this.#left} of ${events} events were not consumed in ${GIVE_UP_AFTER} ms`));
    }, GIVE_UP_AFTER);
    for (const { partition, offset } of from) this.#consumer.seek({ topic: this.#topic, partition, offset });
    let startedAt = 0;
    // A fetch that finds every partition paused waits for half a second: only the next one counts.
    const forget = this.#consumer.on(this.#consumer.events.FETCH_START, () => {
      startedAt ||= performance.now();
    });
    this.#consumer.resume([{ topic: this.#topic }]);
    try {
      await this.#all.promise;
      return (performance.now() - startedAt) / 1_000;
    } finally {
      clearTimeout(tooLate);
      forget();
      this.#consumer.pause([{ topic: this.#topic }]);
    }
  }

  async disconnect(): Promise<void> {
    await this.#consumer.disconnect();
    this.#line.cut();
  }

  async #take(payload: EachBatchPayload): Promise<void> {
    const { topic, partition, messages } = payload.batch;
    const offset = String(BigInt(payload.batch.lastOffset()) + 1n);
    await payload.commitOffsetsIfNecessary({ topics: [{ topic, partitions: [{ partition, offset }] }] });
    this.#left -= messages.length;
    if (this.#left < 0) this.#all.reject(new Error(`${-this.#left} more events were consumed than published`));
    else if (this.#left === 0) this.#all.resolve();
  }
}
