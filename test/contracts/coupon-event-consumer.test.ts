import { expect, test } from 'vitest';
import { InMemoryEventLog } from '../../src/adapters/in-memory/event-log.ts';
import { InMemoryCouponEventConsumer } from '../../src/adapters/in-memory/in-memory-coupon-event-consumer.ts';
import { realScheduler } from '../support/kafka-surroundings.ts';
import { RecordingJournal } from '../support/recording-journal.ts';
import { couponEventConsumerContract } from './coupon-event-consumer.contract.ts';

couponEventConsumerContract('in memory', async () => {
  const log = new InMemoryEventLog('coupon_create', 2);
  const started: InMemoryCouponEventConsumer[] = [];
  return {
    consumer: (handle) => {
      const consumer = new InMemoryCouponEventConsumer(log, 'issuers', handle, realScheduler, new RecordingJournal());
      started.push(consumer);
      return consumer;
    },
    append: async (grants) => {
      for (const grant of grants) log.append(grant);
    },
    appendMalformed: async () => log.appendMalformed(0, new Uint8Array([1]), 'not a grant'),
    end: async () => log.end(),
    committed: async () => log.group('issuers').committed(),
    [Symbol.asyncDispose]: async () => {
      await Promise.all(started.map((consumer) => consumer.stop()));
    },
  };
});

test('a member that has lost its partition in memory commits nothing of it', () => {
  const group = new InMemoryEventLog('coupon_create', 2).group('issuers');
  const [paused, successor] = [{}, {}];
  group.join(paused);
  group.join(successor);
  group.leave(paused);
  group.commit(paused, 0, 5n);
  expect(group.committedOf(0)).toBe(0n);
  group.commit(successor, 0, 5n);
  expect(group.committedOf(0)).toBe(5n);
});
