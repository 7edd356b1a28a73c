import { expect, test } from 'vitest';
import { expectNext } from '../../../bench/suites/growth/expect-next.ts';

test('the next sequences, told in any order, pass', () => {
  expect(() => expectNext(Uint32Array.of(1_003, 1_001, 1_002), 1_000)).not.toThrow();
});

test.each([
  ['one is told twice', [1_001, 1_002, 1_002], 'coupon 1003 was not told once'],
  ['one is left out', [1_001, 1_003, 1_004], 'coupon 1002 was not told once'],
  ['one was granted before', [1_000, 1_001, 1_002], 'coupon 1001 was not told once'],
  ['one user was told none', [0, 1_001, 1_002], 'coupon 1001 was not told once'],
])('sequences do not pass where %s', (_, told, complaint) => {
  expect(() => expectNext(Uint32Array.from(told), 1_000)).toThrow(complaint);
});
