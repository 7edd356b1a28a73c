import * as fc from 'fast-check';
import type { KafkaMessage } from 'kafkajs';
import { expect, test } from 'vitest';
import { chunksOf } from '../../../src/adapters/kafka/batch-chunks.ts';

const messageOf = (size: number, offset: number): KafkaMessage => ({
  key: null,
  value: Buffer.alloc(size),
  offset: String(offset),
  timestamp: '0',
  attributes: 0,
  headers: {},
});

test('a batch is cut in order, within both limits, with nothing lost', () => {
  const limits = { messages: 5, bytes: 100 };
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 120 })), (sizes) => {
      const messages = sizes.map(messageOf);
      const chunks = [...chunksOf(messages, limits)];
      expect(chunks.flat()).toEqual(messages);
      for (const chunk of chunks) {
        expect(chunk.length).toBeGreaterThan(0);
        expect(chunk.length).toBeLessThanOrEqual(5);
        const bytes = chunk.reduce((sum, { value }) => sum + (value?.length ?? 0), 0);
        expect(chunk.length === 1 || bytes <= 100).toBe(true);
      }
    }),
  );
});
