import { setTimeout as sleep } from 'node:timers/promises';

/** Asks until the answer is there, for at most so many milliseconds; the last complaint is the error then. */
export async function eventually<T>(ask: () => Promise<T> | T, within = 10_000): Promise<T> {
  const deadline = performance.now() + within;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await sleep(25);
    }
  }
}
