import { afterAll, beforeAll, expect, test } from 'vitest';
import type { KafkaCouponEventPublisher } from '../../../src/adapters/kafka/kafka-coupon-event-publisher.ts';
import { KafkaProbe } from '../../../src/adapters/kafka/kafka-probe.ts';
import type { ReceivedEvent } from '../../../src/domain/failed-event.ts';
import type { Grant } from '../../../src/domain/grant.ts';
import { OutcomeUnknown, Unavailable } from '../../../src/domain/outage.ts';
import { eventually } from '../../support/eventually.ts';
import { KafkaLog } from '../../support/kafka-log.ts';
import { describeWithOwnKafka, KafkaServer } from '../../support/kafka-server.ts';
import { realClock } from '../../support/kafka-surroundings.ts';
import { randomCampaignId, randomUserId } from '../../support/random.ts';

const campaignId = randomCampaignId();
const grantOf = (sequence: number): Grant => ({
  campaignId,
  userId: randomUserId(),
  sequence,
  epoch: 1,
  grantedAt: 1_790_000_000_123,
});

const publish = (publisher: KafkaCouponEventPublisher, sequence: number): Promise<void> =>
  publisher.publish(grantOf(sequence), realClock.monotonic() + 1_000);

const sequencesOf = (events: readonly ReceivedEvent[]): readonly number[] =>
  events.flatMap(({ content }) => ('grant' in content ? [content.grant.sequence] : [])).toSorted((a, b) => a - b);

const isAvailable = (publisher: KafkaCouponEventPublisher, expected: boolean) =>
  eventually(() => expect(publisher.isAvailable()).toBe(expected), 30_000);

describeWithOwnKafka('Through an outage of Kafka', () => {
  let kafka: KafkaServer;

  beforeAll(async () => {
    kafka = await KafkaServer.start();
  });

  afterAll(async () => {
    await kafka[Symbol.asyncDispose]();
  });

  test('a broker that is killed and started again is published to and consumed from again', async () => {
    await using log = new KafkaLog(kafka.brokers, 2);
    const publisher = await log.availablePublisher();
    const delivered: ReceivedEvent[] = [];
    const consumer = log.consumer(async (events) => void delivered.push(...events));
    consumer.start();
    await publish(publisher, 1);
    await eventually(() => expect(sequencesOf(delivered)).toEqual([1]));

    await kafka.kill();
    await expect(publish(publisher, 2)).rejects.toThrow();
    await isAvailable(publisher, false);
    expect(await new KafkaProbe(log.admin, log.topic.plan, { isAvailable: () => true }).check()).toMatchObject({
      status: 'unavailable',
    });
    await expect(log.progress.end()).rejects.toBeInstanceOf(Unavailable);
    await eventually(() => expect(consumer.isRunning()).toBe(false), 30_000);

    await kafka.run();
    await isAvailable(publisher, true);
    await publish(publisher, 3);
    await eventually(() => expect(sequencesOf(delivered)).toContain(3), 30_000);
    await eventually(async () => expect(await log.progress.committed()).toEqual(await log.progress.end()), 30_000);
    expect(log.crashes).toEqual([]);
  });

  test('a broker that is frozen for five seconds makes unavailable what becomes available by itself', async () => {
    await using log = new KafkaLog(kafka.brokers, 2);
    const publisher = await log.availablePublisher();
    const delivered: ReceivedEvent[] = [];
    log.consumer(async (events) => void delivered.push(...events)).start();
    await publish(publisher, 1);
    await eventually(() => expect(sequencesOf(delivered)).toEqual([1]));

    const frozenAt = realClock.monotonic();
    kafka.freeze();
    const sequences = Array.from({ length: 30 }, (_, index) => index + 2);
    const outcomes = await Promise.allSettled(sequences.map((sequence) => publish(publisher, sequence)));
    expect(realClock.monotonic() - frozenAt).toBeLessThan(1_500);
    const refusedWith = (type: typeof Unavailable | typeof OutcomeUnknown) =>
      sequences.filter((_, index) => {
        const outcome = outcomes[index];
        return outcome?.status === 'rejected' && outcome.reason instanceof type;
      });
    const [onTheirWay, neverHandedOver] = [refusedWith(OutcomeUnknown), refusedWith(Unavailable)];
    expect(onTheirWay).toEqual([2]);
    expect(neverHandedOver).toEqual(sequences.slice(1));
    await eventually(() => expect(realClock.monotonic() - frozenAt).toBeGreaterThan(5_000));
    expect(publisher.isAvailable()).toBe(false);
    kafka.thaw();

    await isAvailable(publisher, true);
    await publish(publisher, 100);
    await eventually(() => expect(sequencesOf(delivered)).toContain(100), 30_000);
    // It was on its way when its sender gave up, and may have arrived.
    const arrived = sequencesOf(await log.events()).filter((sequence) => !onTheirWay.includes(sequence));
    expect(arrived).toEqual([1, 100]);
    expect(log.crashes).toEqual([]);
  });

  test('a service that is started while Kafka is away begins as soon as Kafka is there', async () => {
    await kafka.kill();
    await using log = new KafkaLog(kafka.brokers, 2);
    const publisher = log.publisher();
    const delivered: ReceivedEvent[] = [];
    const consumer = log.consumer(async (events) => void delivered.push(...events));
    consumer.start();
    await eventually(() => expect(log.journal.at('warn').length).toBeGreaterThan(2));
    expect([publisher.isAvailable(), consumer.isRunning()]).toEqual([false, false]);
    await expect(publish(publisher, 1)).rejects.toBeInstanceOf(Unavailable);

    await kafka.run();
    await isAvailable(publisher, true);
    await publish(publisher, 2);
    await eventually(() => expect(sequencesOf(delivered)).toEqual([2]), 30_000);
    expect(log.crashes).toEqual([]);
  });

  test('a service that is stopped while Kafka is away stops within its time', async () => {
    const log = new KafkaLog(kafka.brokers, 2);
    const publisher = await log.availablePublisher();
    const consumer = log.consumer(async () => {});
    consumer.start();
    await eventually(() => expect(consumer.isRunning()).toBe(true));
    kafka.freeze();
    const stoppedAt = realClock.monotonic();
    await Promise.all([publisher.disconnect(), consumer.stop()]);
    expect(realClock.monotonic() - stoppedAt).toBeLessThan(6_000);
    kafka.thaw();
    await log[Symbol.asyncDispose]();
  });
});
