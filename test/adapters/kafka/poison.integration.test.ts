import type { Message } from 'kafkajs';
import { expect, test } from 'vitest';
import { encodeCouponEvent } from '../../../src/adapters/kafka/coupon-event.ts';
import type { ReceivedEvent } from '../../../src/domain/failed-event.ts';
import type { Grant } from '../../../src/domain/grant.ts';
import { eventually } from '../../support/eventually.ts';
import { KafkaLog } from '../../support/kafka-log.ts';
import { plainKafka } from '../../support/kafka-topic.ts';
import { randomCampaignId, randomName, randomUserId } from '../../support/random.ts';
import { describeWithServices, services } from '../../support/services.ts';

const campaignId = randomCampaignId();
const grantOf = (sequence: number): Grant => ({
  campaignId,
  userId: randomUserId(),
  sequence,
  epoch: 1,
  grantedAt: 1_790_000_000_123,
});

const valid = (): Message => encodeCouponEvent(grantOf(99));
const withHeaders = (headers: Message['headers']): Message => ({
  ...valid(),
  headers: { ...valid().headers, ...headers },
});

const POISON: readonly Message[] = [
  { ...valid(), value: Buffer.alloc(7) },
  { ...valid(), value: Buffer.alloc(0) },
  { ...valid(), value: null },
  { ...valid(), key: null, value: null, headers: {} },
  { key: 'x', value: Buffer.alloc(8, 0xff) },
  { ...valid(), headers: {} },
  withHeaders({ ce_id: 'twelve' }),
  withHeaders({ ce_id: '12345678901234567890.1' }),
  withHeaders({ ce_id: ['1.1', '2.1'] }),
  withHeaders({ ce_specversion: Buffer.from([0xff, 0xfe]) }),
  withHeaders({ ce_source: '/campaigns/../admin' }),
  withHeaders({ ce_time: 'yesterday' }),
  { ...valid(), value: Buffer.alloc(900_000, 1) },
  { key: '', value: '', headers: { ce_id: '' } },
];

describeWithServices('The consumer of a poisoned topic', () => {
  test('is given each poison record as malformed, with its neighbours intact, and goes past all of them', async () => {
    await using log = new KafkaLog(services().kafkaBrokers, 1);
    await log.topic.ensure();
    const producer = plainKafka(services().kafkaBrokers).producer();
    await producer.connect();
    const neighbours = POISON.map((_, index) => grantOf(index + 1));
    const messages = POISON.flatMap((poison, index) => [poison, encodeCouponEvent(neighbours[index] ?? grantOf(1))]);
    for (const message of messages) await producer.send({ topic: log.topic.plan.topic, messages: [message] });
    await producer.disconnect();

    const delivered: ReceivedEvent[] = [];
    log.consumer(async (events) => void delivered.push(...events)).start();
    await eventually(async () => expect(await log.progress.committed()).toEqual(await log.progress.end()));

    expect(delivered).toHaveLength(messages.length);
    const contents = delivered.map(({ content }) => content);
    expect(contents.filter((_, index) => index % 2 === 1)).toEqual(neighbours.map((grant) => ({ grant })));
    for (const content of contents.filter((_, index) => index % 2 === 0)) {
      expect(content).toEqual({ malformed: expect.any(String) });
    }
    expect(log.crashes).toEqual([]);
  });

  test('goes past the markers of a foreign transaction, committed or aborted', async () => {
    await using log = new KafkaLog(services().kafkaBrokers, 1);
    await log.topic.ensure();
    const delivered: ReceivedEvent[] = [];
    log.consumer(async (events) => void delivered.push(...events)).start();
    const producer = plainKafka(services().kafkaBrokers).producer({
      transactionalId: randomName('foreign'),
      maxInFlightRequests: 1,
      idempotent: true,
    });
    await producer.connect();
    for (const end of ['commit', 'abort'] as const) {
      const transaction = await producer.transaction();
      await transaction.send({ topic: log.topic.plan.topic, messages: [encodeCouponEvent(grantOf(1))] });
      await transaction[end]();
      await eventually(async () => expect(await log.progress.committed()).toEqual(await log.progress.end()));
    }
    await producer.disconnect();
    expect(delivered.length).toBeGreaterThanOrEqual(1);
  });
});
