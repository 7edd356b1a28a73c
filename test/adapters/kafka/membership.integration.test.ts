import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { encodeCouponEvent } from '../../../src/adapters/kafka/coupon-event.ts';
import type { ReceivedEvent } from '../../../src/domain/failed-event.ts';
import { eventually } from '../../support/eventually.ts';
import { KafkaLog } from '../../support/kafka-log.ts';
import { KafkaProxy } from '../../support/kafka-proxy.ts';
import { plainKafka } from '../../support/kafka-topic.ts';
import { randomCampaignId, randomUserId } from '../../support/random.ts';
import { describeWithServices, services } from '../../support/services.ts';

const LONGER_THAN_A_SESSION = 8_000;

async function appendSome(topic: string, count: number): Promise<void> {
  const producer = plainKafka(services().kafkaBrokers).producer();
  await producer.connect();
  const messages = Array.from({ length: count }, (_, index) =>
    encodeCouponEvent({
      campaignId: randomCampaignId(),
      userId: randomUserId(),
      sequence: index + 1,
      epoch: 1,
      grantedAt: 1_790_000_000_123,
    }),
  );
  await producer.send({ topic, messages });
  await producer.disconnect();
}

describeWithServices('A member of the group', () => {
  test('that vanishes without leaving is replaced within 10 seconds', async () => {
    await using log = new KafkaLog(services().kafkaBrokers, 4);
    await using proxy = await KafkaProxy.listen();
    const vanishing = log.consumer(async () => {}, proxy.openSocket);
    vanishing.start();
    await eventually(() => expect(vanishing.isRunning()).toBe(true));
    const delivered: ReceivedEvent[] = [];
    const other = log.consumer(async (events) => void delivered.push(...events));
    other.start();
    await eventually(() => expect(other.isRunning()).toBe(true));
    proxy.refuse();
    await appendSome(log.topic.plan.topic, 40);
    await eventually(async () => expect(await log.progress.committed()).toEqual(await log.progress.end()), 10_000);
    expect(new Set(delivered.map(({ raw }) => raw.partition))).toEqual(new Set([0, 1, 2, 3]));
    await eventually(() => expect(vanishing.isRunning()).toBe(false));
  });

  test('stays one while the database keeps a batch for longer than a session lasts', async () => {
    await using log = new KafkaLog(services().kafkaBrokers, 1);
    await log.topic.ensure();
    let batches = 0;
    const consumer = log.consumer(async () => {
      batches++;
      await sleep(LONGER_THAN_A_SESSION);
    });
    await appendSome(log.topic.plan.topic, 5);
    consumer.start();
    await eventually(async () => expect(await log.progress.committed()).toEqual(await log.progress.end()), 20_000);
    expect(batches).toBe(1);
    expect(log.journal.at('warn')).toEqual([]);
  });

  test('reports a mistake that kafkajs stops for, so that the process can end', async () => {
    await using log = new KafkaLog(services().kafkaBrokers, 1);
    await log.topic.ensure();
    log.journal.warn = () => {
      throw new TypeError('a mistake outside of the handler');
    };
    const consumer = log.consumer(async () => {
      throw new Error('the database is away');
    });
    await appendSome(log.topic.plan.topic, 1);
    consumer.start();
    await eventually(() => expect(log.crashes).toHaveLength(1));
    expect(consumer.isRunning()).toBe(false);
  });
});
