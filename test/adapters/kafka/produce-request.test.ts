import { createRequire } from 'node:module';
import fc from 'fast-check';
import kafkajs, { type Message } from 'kafkajs';
import { expect, it } from 'vitest';
import { crc32c } from '../../../src/adapters/kafka/crc32c.ts';
import { partitionByKey } from '../../../src/adapters/kafka/partition-by-key.ts';
import { encodeProduceRequest, type ProduceOptions } from '../../../src/adapters/kafka/produce-request.ts';

const VERSION = 7;
const { protocol } = createRequire(import.meta.url)('kafkajs/src/protocol/requests/produce');

/** What kafkajs itself would send; it takes the time of the batch from the clock. */
async function byKafkajs(options: ProduceOptions, now: number): Promise<Buffer> {
  const clock = Date.now;
  Date.now = () => now;
  try {
    const { request } = protocol({ version: VERSION })({ producerId: -1, producerEpoch: 0, ...options });
    return (await request.encode()).buffer;
  } finally {
    Date.now = clock;
  }
}

type Bytes = Buffer | string;

const bytes: fc.Arbitrary<Bytes> = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme-ascii', maxLength: 200 }),
  fc.uint8Array({ maxLength: 300 }).map((each) => Buffer.from(each)),
);
const message: fc.Arbitrary<Message> = fc.record({
  key: fc.option<Bytes>(bytes),
  value: fc.option<Bytes>(bytes),
  headers: fc.dictionary(fc.string({ unit: 'grapheme' }), bytes, { maxKeys: 6, noNullPrototype: true }),
});
const options: fc.Arbitrary<ProduceOptions> = fc.record({
  acks: fc.constantFrom(-1, 1),
  timeout: fc.nat(),
  topicData: fc.array(
    fc.record({
      topic: fc.string({ unit: 'grapheme', maxLength: 50 }),
      partitions: fc.array(
        fc.record({
          partition: fc.nat(),
          firstSequence: fc.constant(0),
          messages: fc.array(message, { minLength: 1, maxLength: 70 }),
        }),
        { maxLength: 4 },
      ),
    }),
    { maxLength: 3 },
  ),
});

it('writes a produce request byte for byte as kafkajs does', async () => {
  await fc.assert(
    fc.asyncProperty(options, fc.integer({ min: 1, max: 2 ** 45 }), async (each, now) => {
      expect(encodeProduceRequest(each, now).buffer.equals(await byKafkajs(each, now))).toBe(true);
    }),
    { numRuns: 300 },
  );
});

it('keeps what grows beyond its first room', async () => {
  const messages = Array.from({ length: 5_000 }, (_, index) => ({
    key: String(index),
    value: Buffer.alloc(100, index),
    headers: { same: ['one', 'two'] },
  }));
  const large = { acks: -1, timeout: 1_000, topicData: [{ topic: 'large', partitions: [{ partition: 0, messages }] }] };
  const given = {
    ...large,
    topicData: [{ topic: 'large', partitions: [{ partition: 0, firstSequence: 0, messages }] }],
  };
  expect(encodeProduceRequest(large, 1).buffer.equals(await byKafkajs(given, 1))).toBe(true);
});

it('chooses the partition that kafkajs, and Java, choose', () => {
  const theirs = kafkajs.Partitioners.DefaultPartitioner();
  const ours = partitionByKey();
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 30 }), fc.integer({ min: 1, max: 64 }), (key, count) => {
      const partitionMetadata = Array.from({ length: count }, (_, partitionId) => ({
        partitionId,
        leader: 1,
        partitionErrorCode: 0,
        replicas: [1],
        isr: [1],
      }));
      const given = { topic: 'coupon_create', partitionMetadata, message: { key, value: null } };
      expect(ours(given)).toBe(theirs(given));
    }),
  );
});

it('knows the check value of CRC-32C', () => {
  expect(crc32c(Buffer.from('xx123456789x'), 2, 11)).toBe(0xe3069283);
});
