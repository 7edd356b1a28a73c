import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { parseCampaignId } from '../../../src/domain/campaign-id.ts';
import type { Grant } from '../../../src/domain/grant.ts';
import { parseUserId } from '../../../src/domain/user-id.ts';
import { KafkaLog } from '../../support/kafka-log.ts';
import { describeWithOwnKafka, kafkaTool } from '../../support/kafka-server.ts';
import { realClock } from '../../support/kafka-surroundings.ts';
import { readTopic } from '../../support/kafka-topic.ts';
import { describeWithServices, services } from '../../support/services.ts';

const grantOf = (userId: string, sequence: number): Grant => ({
  campaignId: parseCampaignId('spring-sale'),
  userId: parseUserId(userId),
  sequence,
  epoch: 1,
  grantedAt: Date.parse('2026-11-22T10:00:00.007Z'),
});

describeWithServices('A published event', () => {
  test('lies in the topic with its key, its long and its five headers', async () => {
    await using log = new KafkaLog(services().kafkaBrokers, 1);
    const publisher = await log.availablePublisher();
    await publisher.publish(grantOf('9223372036854775807', 4), realClock.monotonic() + 1_000);
    const [only] = await readTopic(services().kafkaBrokers, log.topic.plan.topic);
    expect(only?.message.key?.toString()).toBe('9223372036854775807');
    expect(only?.message.value?.toString('hex')).toBe('7fffffffffffffff');
    expect(Object.entries(only?.message.headers ?? {}).map(([name, value]) => [name, String(value)])).toEqual([
      ['ce_specversion', '1.0'],
      ['ce_type', 'coupon.granted.v1'],
      ['ce_source', '/campaigns/spring-sale'],
      ['ce_id', '4.1'],
      ['ce_time', '2026-11-22T10:00:00.007Z'],
    ]);
  });

  describeWithOwnKafka('in the eyes of the stock console consumer', () => {
    test('is its user id', async () => {
      await using log = new KafkaLog(services().kafkaBrokers, 1);
      const publisher = await log.availablePublisher();
      const users = ['1', '9007199254740993', '9223372036854775807'];
      for (const [index, user] of users.entries()) {
        await publisher.publish(grantOf(user, index + 1), realClock.monotonic() + 1_000);
      }
      const [java, options] = kafkaTool(
        'org.apache.kafka.tools.consumer.ConsoleConsumer',
        '--bootstrap-server',
        services().kafkaBrokers,
        '--topic',
        log.topic.plan.topic,
        '--from-beginning',
        '--max-messages',
        String(users.length),
        '--timeout-ms',
        '20000',
        '--formatter-property',
        'print.key=true',
        '--formatter-property',
        'key.deserializer=org.apache.kafka.common.serialization.StringDeserializer',
        '--formatter-property',
        'value.deserializer=org.apache.kafka.common.serialization.LongDeserializer',
      );
      const { stdout } = await promisify(execFile)(java, options);
      expect(stdout.trim().split('\n')).toEqual(users.map((user) => `${user}\t${user}`));
    });
  });
});
