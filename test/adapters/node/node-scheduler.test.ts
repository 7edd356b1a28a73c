import { expect, it } from 'vitest';
import { NodeClock } from '../../../src/adapters/node/node-clock.ts';
import { NodeScheduler } from '../../../src/adapters/node/node-scheduler.ts';

const clock = new NodeClock();
const scheduler = new NodeScheduler();

it('sleeps for about as long as asked', async () => {
  const before = clock.monotonic();
  await scheduler.sleep(30);
  expect(clock.monotonic() - before).toBeGreaterThanOrEqual(29);
});

it('wakes at once when the signal is aborted, before or meanwhile', async () => {
  const before = clock.monotonic();
  const stopping = new AbortController();
  const sleeping = scheduler.sleep(60_000, stopping.signal);
  stopping.abort();
  await sleeping;
  await scheduler.sleep(60_000, stopping.signal);
  expect(clock.monotonic() - before).toBeLessThan(10_000);
});

it('leaves no listener behind on a signal that outlives the sleep', async () => {
  const signal = new AbortController().signal;
  let listeners = 0;
  signal.addEventListener = () => {
    listeners += 1;
  };
  signal.removeEventListener = () => {
    listeners -= 1;
  };
  await scheduler.sleep(1, signal);
  expect(listeners).toBe(0);
});

it('draws numbers from 0 to below 1, and tokens that are never given twice', () => {
  const tokens = new Set<string>();
  for (let drawn = 0; drawn < 1_000; drawn += 1) {
    const number = scheduler.random();
    expect(number >= 0 && number < 1).toBe(true);
    tokens.add(scheduler.token());
  }
  expect(tokens.size).toBe(1_000);
});

it('tells the time of day in milliseconds since 1970', () => {
  expect(clock.now()).toBeGreaterThan(Date.UTC(2026, 0, 1));
  expect(Number.isInteger(clock.now())).toBe(true);
});
