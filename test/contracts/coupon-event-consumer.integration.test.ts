import { encodeCouponEvent } from '../../src/adapters/kafka/coupon-event.ts';
import { KafkaLog } from '../support/kafka-log.ts';
import { plainKafka } from '../support/kafka-topic.ts';
import { describeWithServices, services } from '../support/services.ts';
import { couponEventConsumerContract } from './coupon-event-consumer.contract.ts';

describeWithServices('with servers', () => {
  couponEventConsumerContract('on Kafka', async () => {
    const { kafkaBrokers } = services();
    const log = new KafkaLog(kafkaBrokers, 2);
    await log.topic.ensure();
    const { topic } = log.topic.plan;
    const producer = plainKafka(kafkaBrokers).producer();
    await producer.connect();
    return {
      consumer: (handle) => log.consumer(handle),
      append: async (grants) => {
        await producer.send({ topic, messages: grants.map((grant) => encodeCouponEvent(grant)) });
      },
      appendMalformed: async () => {
        await producer.send({ topic, messages: [{ partition: 0, value: Buffer.from([1]) }] });
      },
      end: () => log.progress.end(),
      committed: () => log.progress.committed(),
      [Symbol.asyncDispose]: async () => {
        await log[Symbol.asyncDispose]();
        await producer.disconnect();
      },
    };
  });
});
