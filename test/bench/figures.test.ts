import { expect, test } from 'vitest';
import { reading, type Suite } from '../../bench/suite.ts';
import { figuresOf, isMet } from '../../bench/support/figures.ts';

const suiteOf = (figure: Partial<Suite['figures'][number]> = {}): Suite => ({
  name: 'api',
  figures: [{ name: 'rate', title: 'accepted', unit: '1/s', of: reading('rate'), ...figure }],
  prepare: () => Promise.reject(new Error('nothing is measured here')),
});

test('a figure is computed of every round by itself, then its median and its spread', () => {
  const share = suiteOf({
    goal: { atLeast: 0.5 },
    of: (readings) => reading('rate')(readings) / reading('most')(readings),
  });
  const rounds = [
    { rate: 10, most: 100 },
    { rate: 30, most: 100 },
    { rate: 400, most: 500 },
  ];
  expect(figuresOf(share, rounds)).toEqual([
    {
      suite: 'api',
      name: 'rate',
      title: 'accepted',
      unit: '1/s',
      goal: { atLeast: 0.5 },
      median: 0.3,
      lowest: 0.1,
      highest: 0.8,
      rounds: [0.1, 0.3, 0.8],
    },
  ]);
});

test('a figure that a round did not read is an error, not a gap', () => {
  expect(() => figuresOf(suiteOf(), [{ rate: 1 }, {}])).toThrow('api/rate is not a number in every round: 1, NaN');
});

test('a goal is met by the median at the limit itself', () => {
  expect([isMet({ atLeast: 0.5 }, 0.5), isMet({ atLeast: 0.5 }, 0.499)]).toEqual([true, false]);
  expect([isMet({ atMost: 25 }, 25), isMet({ atMost: 25 }, 25.1)]).toEqual([true, false]);
  expect(isMet(null, 1)).toBeNull();
});
