import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shiftInterval } from '../../../bench/compare/shift-interval.ts';

const difference = (before: number, after: number): number => after - before;
const interval = (before: readonly number[], after: readonly number[]) => shiftInterval(before, after, difference);

const FIVE = [1, 2, 3, 4, 5];

describe('the interval of a shift', () => {
  it('is the whole range of the pairs for five rounds against five', () => {
    expect(interval(FIVE, [11, 12, 13, 14, 15])).toEqual({ low: 6, high: 14 });
    expect(shiftInterval([1, 2, 4, 4, 4], [8, 8, 8, 8, 16], (a, b) => b / a)).toEqual({ low: 2, high: 16 });
  });

  it('cannot be told of rounds so few that chance alone orders them in any way', () => {
    expect(interval([1, 2, 3, 4], FIVE)).toBeNull();
    expect(interval([1], [2])).toBeNull();
    expect(interval([1, 2, 3, 4], [5, 6, 7, 8, 9, 10])).not.toBeNull();
  });

  // Critical values of U at 0.01, two-sided, as books of statistics print them.
  it.each([
    [5, 5, 0],
    [6, 6, 2],
    [7, 8, 6],
    [8, 8, 7],
    [10, 10, 16],
    [20, 20, 105],
  ])('of %i rounds against %i cuts off as many pairs at each end as the tables say', (n, m, critical) => {
    // Every pair differs by a number of its own: 1, 2, … up to n × m.
    const before = Array.from({ length: n }, (_, i) => -i * m);
    const after = Array.from({ length: m }, (_, j) => j + 1);
    expect(interval(before, after)).toEqual({ low: critical + 1, high: n * m - critical });
  });

  it('leaves out no change exactly where the ranges of five rounds do not overlap', () => {
    const rounds = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(rounds, rounds, (before, after) => {
        const { low, high } = interval(before, after) ?? { low: 0, high: 0 };
        const apart = Math.max(...before) < Math.min(...after) || Math.max(...after) < Math.min(...before);
        expect(low > 0 || high < 0).toBe(apart);
      }),
    );
  });
});
