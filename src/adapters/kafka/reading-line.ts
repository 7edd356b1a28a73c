import type { Consumer, EachBatchPayload } from 'kafkajs';
import type { Grant } from '../../domain/grant.ts';
import type { Scheduler } from '../../domain/ports/scheduler.ts';
import { grantIn } from './coupon-event.ts';
import type { KafkaAdmin } from './kafka-admin.ts';
import { KafkaLine, type KafkaSettings } from './kafka-line.ts';
import type { PartitionReader } from './partition-reader.ts';
import { within } from './within.ts';

const FETCH_WAIT = 100;
/** The process issues coupons meanwhile: no batch keeps it busy for longer than some milliseconds. */
const BYTES_PER_PARTITION = 262_144;
const CLOSE_WITHIN = 2_000;

/** One membership of a group that nobody else is in. */
export class ReadingLine {
  readonly #group: string;
  readonly #line: KafkaLine;
  readonly #consumer: Consumer;
  #failure: unknown = null;

  constructor(settings: KafkaSettings, group: string) {
    const retry = { retries: 3, initialRetryTime: 100, maxRetryTime: 1_000, restartOnFailure: async () => false };
    this.#group = group;
    this.#line = new KafkaLine(settings, { requestTimeout: 3_000, retry });
    this.#consumer = this.#line.kafka.consumer({
      groupId: group,
      maxWaitTimeInMs: FETCH_WAIT,
      maxBytesPerPartition: BYTES_PER_PARTITION,
      allowAutoTopicCreation: false,
      retry,
    });
    this.#consumer.on(this.#consumer.events.CRASH, ({ payload }) => {
      this.#failure = payload.error;
    });
  }

  async open(
    topic: string,
    readers: ReadonlyMap<number, PartitionReader>,
    take: (grants: readonly Grant[]) => void,
  ): Promise<void> {
    // A batch of transaction markers only is brought to nobody.
    this.#consumer.on(this.#consumer.events.END_BATCH_PROCESS, ({ payload: { partition, lastOffset } }) => {
      readers.get(partition)?.passed(BigInt(lastOffset) + 1n);
    });
    await this.#consumer.connect();
    await this.#consumer.subscribe({ topic, fromBeginning: true });
    await this.#consumer.run({
      autoCommit: false,
      // An error that leaves the handler would be tried again for ever, and a TypeError stops kafkajs for good.
      eachBatch: async ({ batch }: EachBatchPayload) => {
        try {
          const fresh = readers.get(batch.partition)?.accept(batch.messages) ?? [];
          const grants = fresh.map(grantIn).filter((grant) => grant !== null);
          if (grants.length > 0) take(grants);
        } catch (error) {
          this.#failure = error;
        }
      },
    });
    // What is fetched before the seeking takes effect is the beginning, which the readers tell apart.
    for (const [partition, { start, isDone }] of readers) {
      if (!isDone) this.#consumer.seek({ topic, partition, offset: String(start) });
    }
  }

  /** @throws what kafkajs or the reading failed with */
  isDone(readers: ReadonlyMap<number, PartitionReader>): boolean {
    if (this.#failure !== null) throw this.#failure;
    const all = [...readers.values()];
    return all.some(({ isAnotherLog }) => isAnotherLog) || all.every(({ isDone }) => isDone);
  }

  /** Never rejects: a group that could not be deleted is empty, and Kafka forgets it by itself. */
  async close(scheduler: Scheduler, admin: KafkaAdmin): Promise<void> {
    await within(CLOSE_WITHIN, scheduler, this.#consumer.disconnect()).catch(() => {});
    this.#line.cut(this.#consumer);
    await admin.ask((asked) => asked.deleteGroups([this.#group]).catch(() => [])).catch(() => {});
  }
}
