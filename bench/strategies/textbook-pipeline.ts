import { Redis } from 'ioredis';
import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { calmRequestQueueTimer } from '../../src/adapters/kafka/request-queue-timer.ts';
import { insertCoupon, poolOf } from './coupon-table.ts';
import type { Strategy } from './strategy.ts';

// A peculiarity of kafkajs that costs CPU, and not this strategy's fault.
calmRequestQueueTimer();

const clientOf = (broker: string): Kafka => new Kafka({ brokers: [broker], logLevel: logLevel.NOTHING });

/**
 * A set keeps a user to one application, INCR counts, an event carries the coupon to a consumer that inserts it.
 * The answer does not wait for Kafka, which is what makes it fast.
 */
export const textbookPipeline: Strategy = {
  name: 'textbook-pipeline',
  title: 'Redis INCR + Kafka, not awaited',
  uniqueUsers: false,
  async open({ redis: url, kafka, topic }) {
    const redis = new Redis(url);
    const producer = clientOf(kafka).producer({ createPartitioner: Partitioners.DefaultPartitioner });
    await producer.connect();
    return async ({ id, limit }, userId) => {
      if ((await redis.sadd(`applied:${id}`, userId)) === 0) return 'already';
      if ((await redis.incr(`count:${id}`)) > limit) return 'sold-out';
      producer
        .send({ topic, messages: [{ value: JSON.stringify({ campaignId: id, userId }) }] })
        .catch((error: unknown) => console.error('an event was not sent', error));
      return 'accepted';
    };
  },
  async consume({ mysql, kafka, topic }) {
    const pool = poolOf(mysql);
    const consumer = clientOf(kafka).consumer({ groupId: groupOf(topic), maxWaitTimeInMs: 100 });
    const joined = new Promise((resolve) => consumer.on(consumer.events.GROUP_JOIN, resolve));
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({
      eachMessage: async ({ message }) => {
        const { campaignId, userId }: { campaignId: string; userId: string } = JSON.parse(String(message.value));
        await insertCoupon(pool, campaignId, userId);
      },
    });
    await joined;
  },
};

export const groupOf = (topic: string): string => `${topic}-consumer`;
