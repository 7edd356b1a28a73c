import { encodeCouponEvent } from '../../src/adapters/kafka/coupon-event.ts';
import { KafkaAdmin } from '../../src/adapters/kafka/kafka-admin.ts';
import { KafkaEventLogProgress } from '../../src/adapters/kafka/kafka-event-log-progress.ts';
import { KafkaEventLogReader } from '../../src/adapters/kafka/kafka-event-log-reader.ts';
import { eventually } from '../support/eventually.ts';
import { KafkaProxy } from '../support/kafka-proxy.ts';
import { realScheduler } from '../support/kafka-surroundings.ts';
import { createTopic, plainKafka, withAdmin } from '../support/kafka-topic.ts';
import { randomName } from '../support/random.ts';
import { describeWithServices, services } from '../support/services.ts';
import { eventLogReaderContract } from './event-log-reader.contract.ts';

describeWithServices('with servers', () => {
  eventLogReaderContract('on Kafka', async () => {
    const { kafkaBrokers } = services();
    const proxy = await KafkaProxy.listen();
    const topic = await createTopic(kafkaBrokers, 2);
    const settings = { clientId: 'test', brokers: kafkaBrokers.split(','), openSocket: proxy.openSocket };
    const admin = new KafkaAdmin(settings, realScheduler);
    const progress = new KafkaEventLogProgress(admin, topic, randomName('issuers'));
    const producer = plainKafka(kafkaBrokers).producer();
    await producer.connect();
    return {
      reader: new KafkaEventLogReader(settings, admin, topic, realScheduler),
      append: async (grants) => {
        await producer.send({ topic, messages: grants.map((grant) => encodeCouponEvent(grant)) });
      },
      appendForeign: async (partition) => {
        await producer.send({ topic, messages: [{ partition, value: 'not a grant' }] });
      },
      end: () => progress.end(),
      recreate: () =>
        withAdmin(kafkaBrokers, async (plain) => {
          await plain.deleteTopics({ topics: [topic] });
          await eventually(() =>
            plain.createTopics({ topics: [{ topic, numPartitions: 2 }] }).then((made) => {
              if (!made) throw new Error('not created yet');
            }),
          );
          await eventually(() => plain.fetchTopicOffsets(topic));
        }),
      forget: (partition, before) =>
        withAdmin(kafkaBrokers, async (plain) => {
          // kafkajs deletes records only of a topic that this client has asked about before.
          await plain.fetchTopicOffsets(topic);
          await plain.deleteTopicRecords({ topic, partitions: [{ partition, offset: String(before) }] });
        }),
      committed: () => progress.committed(),
      cutOff: () => proxy.refuse(),
      [Symbol.asyncDispose]: async () => {
        await producer.disconnect();
        await admin.disconnect();
        await proxy[Symbol.asyncDispose]();
      },
    };
  });
});
