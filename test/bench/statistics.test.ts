import { expect, test } from 'vitest';
import { percentileOf, spreadOf } from '../../bench/support/statistics.ts';

test('the median of an odd number of values is the middle one, whatever their order', () => {
  expect(spreadOf([9, 1, 10])).toEqual({ median: 9, lowest: 1, highest: 10 });
});

test('the median of an even number of values is between the two in the middle', () => {
  expect(spreadOf([4, 1, 100, 2])).toEqual({ median: 3, lowest: 1, highest: 100 });
});

test('a percentile is the least value that this share of all values does not exceed', () => {
  const values = Uint32Array.from({ length: 100 }, (_, index) => 100 - index);
  expect([0.5, 0.95, 0.99, 1].map((share) => percentileOf(values, share))).toEqual([50, 95, 99, 100]);
});

test('of nothing there is neither', () => {
  expect([spreadOf([]).median, percentileOf(new Uint32Array(), 0.5)]).toEqual([Number.NaN, Number.NaN]);
});
