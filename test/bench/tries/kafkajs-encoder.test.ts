import { expect, test } from 'vitest';
import { encodeByKafkajs } from '../../../bench/tries/encoding/kafkajs-encoder.ts';
import { sampleMessages } from '../../../bench/tries/encoding/sample-events.ts';
import { encodeProduceRequestsFast } from '../../../src/adapters/kafka/produce-request.ts';

test("kafkajs's own encoder is compared, also in a process where the service has replaced it", async () => {
  encodeProduceRequestsFast();
  const topicData = [{ topic: 'coupon_create', partitions: [{ partition: 3, messages: sampleMessages(3) }] }];
  const encoded = await encodeByKafkajs({ acks: -1, timeout: 1_000, compression: 0, topicData });
  expect(encoded.constructor.name).toBe('Encoder');
});
