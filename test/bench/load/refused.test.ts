import { expect, test } from 'vitest';
import { expectRefused } from '../../../bench/load/refused.ts';

const wins = (request: number): boolean => request === 0;

const check = ({ sequences = [7, 0, 0], accepted = 1, refused = 2, refusal = '{"type":"/problems/sold-out"}' }) =>
  expectRefused(
    {
      requests: sequences.length,
      sequences: Uint32Array.from(sequences),
      statuses: new Map([
        [202, accepted],
        [409, refused],
      ]),
      samples: new Map([[409, refusal]]),
    },
    wins,
  );

test('the winners are told a sequence, and everybody else that the campaign is sold out', () => {
  expect(() => check({})).not.toThrow();
});

test('another refusal than that it is sold out is an error', () => {
  expect(() => check({ refusal: '{"type":"/problems/ended"}' })).toThrow('not as sold out: {"type":"/problems/ended"}');
});

test('a coupon of the campaign that is sold out is an error', () => {
  expect(() => check({ sequences: [7, 0, 8] })).toThrow('1 coupons of a campaign that is sold out were given');
});

test('a winner who was refused is an error', () => {
  expect(() => check({ accepted: 0, refused: 3 })).toThrow('of 1 winners among 3, 0 were told so');
});
