import { expect, test } from 'vitest';
import { KafkaAdmin } from '../../../src/adapters/kafka/kafka-admin.ts';
import { KafkaProbe } from '../../../src/adapters/kafka/kafka-probe.ts';
import { describeTopic, ensureTopic, type TopicPlan } from '../../../src/adapters/kafka/topic.ts';
import { realScheduler } from '../../support/kafka-surroundings.ts';
import { withAdmin } from '../../support/kafka-topic.ts';
import { randomName } from '../../support/random.ts';
import { describeWithServices, services } from '../../support/services.ts';

const plan = (): TopicPlan => ({ topic: randomName('coupon_create'), partitions: 3, replicationFactor: 1 });

const adminOf = (brokers: string): KafkaAdmin =>
  new KafkaAdmin({ clientId: 'test', brokers: brokers.split(',') }, realScheduler);

const TAKES_EVENTS = { isAvailable: () => true };

describeWithServices('The topic', () => {
  test('is created with the settings of the contract, which the probe finds ready', async () => {
    const wanted = plan();
    const admin = adminOf(services().kafkaBrokers);
    await admin.ask((each) => ensureTopic(each, wanted));
    const found = await admin.ask((each) => describeTopic(each, wanted.topic));
    expect(found).toMatchObject({ partitions: 3, replicas: 1 });
    expect(Object.fromEntries(found?.settings ?? [])).toEqual({
      'cleanup.policy': 'delete',
      'retention.ms': '2592000000',
      'retention.bytes': '-1',
      'compression.type': 'uncompressed',
      'min.insync.replicas': '1',
      'flush.messages': '1',
    });
    expect(await new KafkaProbe(admin, wanted, TAKES_EVENTS).check()).toEqual({ status: 'ready' });
    await admin.disconnect();
  });

  test('is created once when several processes start at the same moment', async () => {
    const wanted = plan();
    const admins = Array.from({ length: 4 }, () => adminOf(services().kafkaBrokers));
    await Promise.all(admins.map((admin) => admin.ask((each) => ensureTopic(each, wanted))));
    await Promise.all(admins.map((admin) => admin.disconnect()));
  });

  test('is never altered, and the probe names what is wrong with it', async () => {
    const wanted = plan();
    const configEntries = [{ name: 'retention.ms', value: '1000' }];
    const { topic } = wanted;
    await withAdmin(services().kafkaBrokers, (each) =>
      each.createTopics({ topics: [{ topic, numPartitions: 1, configEntries }] }),
    );
    const admin = adminOf(services().kafkaBrokers);
    await admin.ask((each) => ensureTopic(each, wanted));
    expect((await admin.ask((each) => describeTopic(each, topic)))?.settings.get('retention.ms')).toBe('1000');
    const state = await new KafkaProbe(admin, wanted, TAKES_EVENTS).check();
    expect(state.status).toBe('unavailable');
    expect(state.detail).toContain('retention.ms is 1000, it should be 2592000000 (30 days) or more');
    expect(state.detail).toContain('flush.messages is 9223372036854775807, it should be 1');
    await admin.disconnect();
  });

  test('with fewer partitions than configured is ready, with a remark', async () => {
    const wanted = plan();
    const admin = adminOf(services().kafkaBrokers);
    await admin.ask((each) => ensureTopic(each, { ...wanted, partitions: 1 }));
    const state = await new KafkaProbe(admin, wanted, TAKES_EVENTS).check();
    expect(state).toEqual({ status: 'ready', detail: `topic ${wanted.topic}: there are 1 partitions, not 3` });
    await admin.disconnect();
  });

  test('is not all that Kafka needs to be ready: the publisher has to reach it as well', async () => {
    const wanted = plan();
    const admin = adminOf(services().kafkaBrokers);
    await admin.ask((each) => ensureTopic(each, wanted));
    const state = await new KafkaProbe(admin, wanted, { isAvailable: () => false }).check();
    expect(state).toEqual({ status: 'unavailable', detail: 'Kafka takes no events yet' });
    await admin.disconnect();
  });

  test('that is missing makes Kafka unavailable, and is not created by asking', async () => {
    const wanted = plan();
    const admin = adminOf(services().kafkaBrokers);
    const probe = new KafkaProbe(admin, wanted, TAKES_EVENTS);
    expect(await probe.check()).toEqual({ status: 'unavailable', detail: `there is no topic ${wanted.topic}` });
    expect(await probe.check()).toMatchObject({ status: 'unavailable' });
    await admin.disconnect();
  });
});

test('a Kafka that nobody reaches is unavailable within two seconds', async () => {
  const admin = adminOf('127.0.0.1:1');
  const asked = performance.now();
  expect(await new KafkaProbe(admin, plan(), TAKES_EVENTS).check()).toMatchObject({ status: 'unavailable' });
  expect(performance.now() - asked).toBeLessThan(2_500);
});
