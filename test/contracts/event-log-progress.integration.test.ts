import { KafkaAdmin } from '../../src/adapters/kafka/kafka-admin.ts';
import { KafkaEventLogProgress } from '../../src/adapters/kafka/kafka-event-log-progress.ts';
import { KafkaProxy } from '../support/kafka-proxy.ts';
import { realScheduler } from '../support/kafka-surroundings.ts';
import { commitOffset, createTopic, plainKafka } from '../support/kafka-topic.ts';
import { randomName } from '../support/random.ts';
import { describeWithServices, services } from '../support/services.ts';
import { eventLogProgressContract } from './event-log-progress.contract.ts';

describeWithServices('with servers', () => {
  eventLogProgressContract('on Kafka', async () => {
    const { kafkaBrokers } = services();
    const proxy = await KafkaProxy.listen();
    const topic = await createTopic(kafkaBrokers, 2);
    const groupId = randomName('issuers');
    const settings = { clientId: 'test', brokers: kafkaBrokers.split(','), openSocket: proxy.openSocket };
    const admin = new KafkaAdmin(settings, realScheduler);
    const producer = plainKafka(kafkaBrokers).producer();
    await producer.connect();
    return {
      progress: new KafkaEventLogProgress(admin, topic, groupId),
      append: async (partition, events) => {
        await producer.send({ topic, messages: Array.from({ length: events }, () => ({ partition, value: 'x' })) });
      },
      commit: (partition, offset) => commitOffset(kafkaBrokers, groupId, topic, partition, offset),
      cutOff: () => proxy.refuse(),
      [Symbol.asyncDispose]: async () => {
        await producer.disconnect();
        await admin.disconnect();
        await proxy[Symbol.asyncDispose]();
      },
    };
  });
});
