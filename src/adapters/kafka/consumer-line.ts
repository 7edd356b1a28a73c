import type { Consumer, EachBatchPayload } from 'kafkajs';
import { KafkaLine, type KafkaSettings } from './kafka-line.ts';
import type { TopicPlan } from './topic.ts';

/** A killed consumer's partitions are taken over after its session, the shortest that brokers allow by default. */
const SESSION_TIMEOUT = 6_000;
const HEARTBEAT_INTERVAL = 1_000;
/** How long the group waits for a member that is in the middle of a batch before it goes on without it. */
const REBALANCE_TIMEOUT = 10_000;
/**
 * A broker holds a fetch until it has so many bytes, or for so long: a burst comes in hundreds instead of by dozens,
 * and nobody notices that his coupon was written a tenth of a second later. Stopping waits for it as well.
 */
const FETCH_BYTES = 262_144;
const FETCH_WAIT = 100;
const BYTES_PER_PARTITION = 1_048_576;

/** One membership of the group, thrown away when kafkajs gives it up. */
export class ConsumerLine {
  readonly #line: KafkaLine;
  readonly #consumer: Consumer;
  readonly #end = Promise.withResolvers<void>();
  #isMember = false;

  constructor(settings: KafkaSettings, group: string) {
    // kafkajs must not restart by itself: it takes some outages (KafkaJSGroupCoordinatorNotFound) for final.
    const retry = { retries: 3, initialRetryTime: 100, maxRetryTime: 1_000, restartOnFailure: async () => false };
    this.#line = new KafkaLine(settings, { requestTimeout: 3_000, retry });
    this.#consumer = this.#line.kafka.consumer({
      groupId: group,
      sessionTimeout: SESSION_TIMEOUT,
      heartbeatInterval: HEARTBEAT_INTERVAL,
      rebalanceTimeout: REBALANCE_TIMEOUT,
      minBytes: FETCH_BYTES,
      maxWaitTimeInMs: FETCH_WAIT,
      maxBytesPerPartition: BYTES_PER_PARTITION,
      allowAutoTopicCreation: false,
      retry,
    });
    this.#end.promise.catch(() => {});
    this.#consumer.on(this.#consumer.events.REBALANCING, () => {
      this.#isMember = false;
    });
    // A batch of transaction markers only is brought to nobody, and without a commit the group would never pass it.
    this.#consumer.on(this.#consumer.events.END_BATCH_PROCESS, ({ payload }) => {
      const { topic, partition, batchSize, lastOffset } = payload;
      if (batchSize > 0) return;
      const offset = String(BigInt(lastOffset) + 1n);
      this.#consumer.commitOffsets([{ topic, partition, offset }]).catch(() => {});
    });
    this.#consumer.on(this.#consumer.events.CRASH, ({ payload }) => {
      this.giveUp(payload.error);
    });
  }

  isMember(): boolean {
    return this.#isMember;
  }

  /** Resolves as a member of the group. */
  async join(
    { topic, partitions }: Pick<TopicPlan, 'topic' | 'partitions'>,
    deliver: (payload: EachBatchPayload) => Promise<void>,
  ): Promise<void> {
    const joined = new Promise<void>((resolve) => {
      this.#consumer.on(this.#consumer.events.GROUP_JOIN, () => {
        this.#isMember = true;
        resolve();
      });
    });
    await this.#consumer.connect();
    // From the beginning: the default skips what was published before the group joined for the first time.
    await this.#consumer.subscribe({ topic, fromBeginning: true });
    await this.#consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      // All at once: what is delivered together is written together.
      partitionsConsumedConcurrently: partitions,
      eachBatch: deliver,
    });
    await Promise.race([joined, this.#end.promise]);
  }

  /** Ends the membership for an error that only a new one cures. */
  giveUp(error: Error): void {
    this.#isMember = false;
    this.#end.reject(error);
  }

  /** Resolves when the line was cut; rejects with the error for which kafkajs gave up. */
  ended(): Promise<void> {
    return this.#end.promise;
  }

  /** Finishes the batch in hand and leaves the group. */
  async leave(): Promise<void> {
    await this.#consumer.disconnect();
    this.#isMember = false;
  }

  cut(): void {
    this.#isMember = false;
    this.#end.resolve();
    this.#line.cut(this.#consumer);
  }
}
