import type { EachBatchPayload, KafkaMessage } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { BatchDelivery } from '../../../src/adapters/kafka/batch-delivery.ts';
import { ManualTime } from '../../support/manual-time.ts';
import { RecordingJournal } from '../../support/recording-journal.ts';

/** What kafkajs hands over with a batch of one event, whose commit ends in `commit`. */
const aBatch = (commit: () => Promise<void>) => {
  const resolved: string[] = [];
  let pauses = 0;
  const message = { key: null, value: null, offset: '7', timestamp: '0', attributes: 0, headers: {} } as KafkaMessage;
  const payload = {
    batch: { topic: 'coupon_create', partition: 2, messages: [message], lastOffset: () => '7' },
    isRunning: () => true,
    isStale: () => false,
    heartbeat: async () => {},
    pause: () => {
      pauses += 1;
      return () => {};
    },
    commitOffsetsIfNecessary: commit,
    resolveOffset: (offset: string) => void resolved.push(offset),
  } as unknown as EachBatchPayload;
  return { payload, resolved, pauses: () => pauses };
};

const refused = (type: string) => () => Promise.reject(Object.assign(new Error(type), { type }));

const delivered = async (commit: () => Promise<void>, handle = async (): Promise<void> => {}) => {
  const journal = new RecordingJournal();
  const batch = aBatch(commit);
  const givenUp: Error[] = [];
  const delivery = new BatchDelivery(handle, new ManualTime(), journal);
  await delivery.deliver(batch.payload, (error) => void givenUp.push(error));
  return { ...batch, delivery, givenUp, journal };
};

describe('the delivery of a batch', () => {
  it('resolves what was handled and committed', async () => {
    const { resolved, givenUp, pauses } = await delivered(async () => {});
    expect(resolved).toEqual(['7']);
    expect(givenUp).toEqual([]);
    expect(pauses()).toBe(0);
  });

  it.each(['UNKNOWN_MEMBER_ID', 'ILLEGAL_GENERATION'])(
    'gives the membership up where a commit says %s',
    async (type) => {
      const { resolved, givenUp, pauses } = await delivered(refused(type));
      expect(givenUp.map(({ message }) => message)).toEqual([type]);
      expect(resolved).toEqual([]);
      expect(pauses()).toBe(1);
    },
  );

  it.each(['REBALANCE_IN_PROGRESS', 'REQUEST_TIMED_OUT'])(
    'keeps the membership where a commit says %s',
    async (type) => {
      const { resolved, givenUp, pauses } = await delivered(refused(type));
      expect(givenUp).toEqual([]);
      expect(resolved).toEqual([]);
      expect(pauses()).toBe(1);
    },
  );

  it('keeps the membership, and resolves nothing, in an outage of what the events are made into', async () => {
    const outage = () => Promise.reject(new Error('the database is away'));
    const { resolved, givenUp } = await delivered(async () => {}, outage);
    expect(givenUp).toEqual([]);
    expect(resolved).toEqual([]);
  });

  it('tells an outage once in ten tries', async () => {
    const outage = () => Promise.reject(new Error('the database is away'));
    const { delivery, journal, payload } = await delivered(async () => {}, outage);
    for (let tries = 1; tries < 20; tries += 1) await delivery.deliver(payload, () => {});
    expect(journal.lines.map(({ details }) => details['failures'])).toEqual([1, 11]);
  });
});
