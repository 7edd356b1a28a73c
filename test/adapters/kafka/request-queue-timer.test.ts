import { createRequire } from 'node:module';
import { expect, test, vi } from 'vitest';
import { calmRequestQueueTimer } from '../../../src/adapters/kafka/request-queue-timer.ts';

interface Queue {
  pending: { send(): void; expectResponse: boolean }[];
  throttledUntil: number;
  checkPendingRequests(): void;
}

function queueOfKafkajs(): Queue {
  calmRequestQueueTimer();
  const RequestQueue = createRequire(import.meta.url)('kafkajs/src/network/requestQueue');
  const silent = { debug: () => {}, warn: () => {} };
  return new RequestQueue({
    maxInFlightRequests: null,
    requestTimeout: 1_000,
    clientId: 'test',
    broker: 'b',
    logger: silent,
  });
}

test('an idle connection sets no timer', () => {
  const timers = vi.spyOn(globalThis, 'setTimeout');
  queueOfKafkajs().checkPendingRequests();
  expect(timers).not.toHaveBeenCalled();
  timers.mockRestore();
});

test('what waits while the broker throttles is sent afterwards', () => {
  vi.useFakeTimers();
  const queue = queueOfKafkajs();
  let sent = 0;
  queue.throttledUntil = Date.now() + 50;
  queue.pending.push({ send: () => sent++, expectResponse: true });
  queue.checkPendingRequests();
  vi.advanceTimersByTime(49);
  expect(sent).toBe(0);
  vi.advanceTimersByTime(2);
  expect(sent).toBe(1);
  vi.useRealTimers();
});
