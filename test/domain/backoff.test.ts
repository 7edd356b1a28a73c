import fc from 'fast-check';
import { expect, test } from 'vitest';
import { backoff } from '../../src/domain/backoff.ts';

const limits = { first: 100, last: 5_000 };

test('a backoff doubles with each failure up to its last', () => {
  expect([0, 1, 2, 5, 6, 60].map((failures) => backoff(failures, limits, 0))).toEqual([
    50, 100, 200, 1_600, 2_500, 2_500,
  ]);
});

test('a backoff lies between half and all of what is due', () => {
  fc.assert(
    fc.property(fc.nat(2_000), fc.double({ min: 0, max: 0.999, noNaN: true }), (failures, chance) => {
      const due = Math.min(100 * 2 ** failures, 5_000);
      const waited = backoff(failures, limits, chance);
      expect(waited).toBeGreaterThanOrEqual(due / 2);
      expect(waited).toBeLessThan(due);
    }),
  );
});
