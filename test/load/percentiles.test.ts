import fc from 'fast-check';
import { expect, it } from 'vitest';
import { percentiles } from '../../scripts/load/percentiles.ts';

it('is null where there is nothing', () => {
  expect(percentiles([])).toBeNull();
});

it('is the smallest value that so large a share does not exceed', () => {
  const shares = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99, p999: 0.999, max: 1 } as const;
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 500 }), { minLength: 1, maxLength: 3_000 }), (values) => {
      const sorted = values.toSorted((a, b) => a - b);
      const found = percentiles(values);
      expect(found?.count).toBe(values.length);
      for (const [name, share] of Object.entries(shares)) {
        const smallest = sorted.find(
          (value, index) => (sorted[index + 1] ?? Infinity) > value && (index + 1) / sorted.length >= share - 1e-12,
        );
        expect(found?.[name as keyof typeof shares]).toBe(smallest);
      }
    }),
  );
});

it('takes the nearest rank', () => {
  const hundred = Array.from({ length: 1_000 }, (_, index) => 1_000 - index);
  expect(percentiles(hundred)).toEqual({ count: 1_000, p50: 500, p90: 900, p95: 950, p99: 990, p999: 999, max: 1_000 });
});
