import { expect, test } from 'vitest';
import { keepInFlight } from '../../../bench/suites/counter/keep-in-flight.ts';

test('so much work is in flight at a time, and all of it is done at the end', async () => {
  let [begun, inFlight, most, done] = [0, 0, 0, 0];
  const work = async () => {
    inFlight += 1;
    most = Math.max(most, inFlight);
    await new Promise(setImmediate);
    inFlight -= 1;
    done += 1;
  };
  await keepInFlight(4, () => (begun++ < 50 ? work() : null));
  expect({ most, done, inFlight }).toEqual({ most: 4, done: 50, inFlight: 0 });
});

test('work that fails is told', async () => {
  let begun = 0;
  const failing = keepInFlight(2, () => (begun++ < 10 ? Promise.reject(new Error('sold out')) : null));
  await expect(failing).rejects.toThrow('sold out');
});
