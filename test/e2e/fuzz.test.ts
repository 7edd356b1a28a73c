import { randomInt } from 'node:crypto';
import { expect, it } from 'vitest';
import { fuzzService } from '../fuzz/fuzz-service.ts';

it('answers whatever is sent, whole or broken, as it may, and gives coupons as before', async () => {
  const seed = randomInt(2 ** 31);
  console.log(`fuzzing with seed ${seed}: npm run fuzz -- --seed ${seed}`);
  const { complaints, statuses } = await fuzzService({ seed, first: 0, requests: 3_000 });
  expect(complaints, `seed ${seed}`).toEqual([]);
  // Otherwise the requests would not have come far enough.
  expect([...statuses.keys()]).toEqual(expect.arrayContaining([200, 202, 204, 400, 401, 404, 405, 413, 415, 431]));
});
