import { expect, test } from 'vitest';
import { batchesOf, checkStored } from '../../../bench/suites/stored-coupons.ts';

const issuedAt = '2026-11-22 10:00:00.000';
const rows = [
  { sequence: 1, userId: '11', issuedAt },
  { sequence: 3, userId: '33', issuedAt },
  { sequence: 2, userId: '22', issuedAt: '2026-11-22 10:00:00.007' },
];
const grants = [
  { sequence: 1, userId: '11' },
  { sequence: 2, userId: '22' },
  { sequence: 3, userId: '33' },
];

test('rows of one moment are a batch, and batches keep their order', () => {
  expect(batchesOf(rows).map((batch) => batch.map(({ sequence }) => sequence))).toEqual([[1, 3], [2]]);
});

test('coupons that are exactly the grants pass', () => {
  expect(() => checkStored(rows, grants)).not.toThrow();
});

test.each([
  ['one is missing', rows.slice(1), '2 coupons were stored of 3 grants'],
  ['one is somebody else’s', rows.with(1, { sequence: 3, userId: '44', issuedAt }), "coupon 3 is 44's"],
  ['one is there in place of another', rows.with(1, { sequence: 4, userId: '33', issuedAt }), "coupon 3 is nobody's"],
])('coupons do not pass where %s', (_, stored, complaint) => {
  expect(() => checkStored(stored, grants)).toThrow(complaint);
});
