import { afterEach, expect, it } from 'vitest';
import { stopSignal } from '../../src/bootstrap/entry.ts';

const NAMES = ['SIGTERM', 'SIGINT'] as const;

afterEach(() => {
  for (const name of NAMES) process.removeAllListeners(name);
});

it.each(NAMES)('an orderly stop goes on when %s comes a second time', (name) => {
  const signal = stopSignal();
  process.emit(name);
  expect(signal.aborted).toBe(true);
  // Without a listener Node would end the process at once.
  expect(process.listenerCount(name)).toBe(1);
});
