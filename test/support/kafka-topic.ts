import { type Admin, Kafka, type KafkaMessage, logLevel } from 'kafkajs';
import { randomName } from './random.ts';

/** A plain client, beside the adapters, for looking at what they did. */
export const plainKafka = (brokers: string): Kafka =>
  new Kafka({ clientId: 'test', brokers: brokers.split(','), logLevel: logLevel.NOTHING });

export async function withAdmin<T>(brokers: string, work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = plainKafka(brokers).admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}

export async function createTopic(brokers: string, partitions: number): Promise<string> {
  const topic = randomName('coupon_create');
  await withAdmin(brokers, (admin) => admin.createTopics({ topics: [{ topic, numPartitions: partitions }] }));
  return topic;
}

export interface ReadMessage {
  readonly partition: number;
  readonly message: KafkaMessage;
}

/** Everything that lies in the topic by now. */
export async function readTopic(brokers: string, topic: string): Promise<readonly ReadMessage[]> {
  const read: ReadMessage[] = [];
  await visitTopic(brokers, topic, (message) => read.push(message));
  return read;
}

/** Shows everything that lies in the topic by now, and keeps nothing of it. */
export async function visitTopic(
  brokers: string,
  topic: string,
  visit: (message: ReadMessage) => unknown,
): Promise<void> {
  const ends = await withAdmin(brokers, (admin) => admin.fetchTopicOffsets(topic));
  const missing = new Set(ends.filter(({ high, low }) => high !== low).map(({ partition }) => partition));
  if (missing.size === 0) return;
  const consumer = plainKafka(brokers).consumer({ groupId: randomName('reader'), maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await new Promise<void>((resolve) => {
    void consumer.run({
      eachBatch: async ({ batch }) => {
        for (const message of batch.messages) visit({ partition: batch.partition, message });
        const end = ends.find(({ partition }) => partition === batch.partition)?.high ?? '0';
        if (BigInt(batch.lastOffset()) + 1n >= BigInt(end)) missing.delete(batch.partition);
        if (missing.size === 0) resolve();
      },
    });
  });
  await consumer.disconnect();
}

/** Commits for a group that has no members. */
export async function commitOffset(
  brokers: string,
  groupId: string,
  topic: string,
  partition: number,
  offset: bigint,
): Promise<void> {
  const consumer = plainKafka(brokers).consumer({ groupId, maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topic });
  const joined = new Promise<void>((resolve) => {
    consumer.on(consumer.events.GROUP_JOIN, () => {
      // A fetch that finds an offset out of range, or none, would commit another one behind our back.
      consumer.pause([{ topic }]);
      resolve();
    });
  });
  await consumer.run({ autoCommit: false, eachBatch: async () => {} });
  await joined;
  await consumer.commitOffsets([{ topic, partition, offset: String(offset) }]);
  await consumer.disconnect();
}
