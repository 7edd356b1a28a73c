import { expect, test } from 'vitest';
import { shown, tableOf } from '../../bench/support/table.ts';

const figure = { suite: 'api', name: 'accepted', title: 'accepted', unit: 'ratio', rounds: [] };

test('a goal that is missed is as easy to see as one that is met', () => {
  const lines = tableOf([
    { ...figure, goal: { atLeast: 0.5 }, median: 0.61, lowest: 0.6, highest: 0.7 },
    { ...figure, goal: { atMost: 1.6 }, median: 1.95, lowest: 1.9, highest: 2 },
    { ...figure, goal: null, median: 12_345.6, lowest: 9_000, highest: 20_000, unit: '1/s' },
  ]);
  expect(lines).toEqual([
    '          median  lowest – highest  unit   goal',
    'accepted    0.61         0.6 – 0.7  ratio  ≥ 0.5  met',
    'accepted    1.95           1.9 – 2  ratio  ≤ 1.6  NOT MET',
    'accepted  12,346    9,000 – 20,000  1/s',
  ]);
});

test('three digits of a number are shown, and all of its whole part', () => {
  expect([0, 0.012345, 1.2345, 12.345, 123.45, 1_234.5].map(shown)).toEqual([
    '0',
    '0.0123',
    '1.23',
    '12.3',
    '123',
    '1,235',
  ]);
});
