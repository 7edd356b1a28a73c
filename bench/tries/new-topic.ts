import { ensureTopic } from '../../src/adapters/kafka/topic.ts';
import { eventually } from '../../test/support/eventually.ts';
import { withAdmin } from '../../test/support/kafka-topic.ts';

/** With the settings that the service gives it. */
export const newTopic = (brokers: string, topic: string, partitions: number): Promise<void> =>
  // kafkajs asks for its leaders before the broker has heard of it, and takes that for final.
  eventually(() => withAdmin(brokers, (admin) => ensureTopic(admin, { topic, partitions, replicationFactor: 1 })));

/** Records that were ever written to it. */
export const recordsIn = (brokers: string, topic: string): Promise<number> =>
  withAdmin(brokers, async (admin) =>
    (await admin.fetchTopicOffsets(topic)).reduce((sum, { high }) => sum + Number(high), 0),
  );
