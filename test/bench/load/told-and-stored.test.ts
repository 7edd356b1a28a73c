import { expect, test } from 'vitest';
import { expectStored } from '../../../bench/load/told-and-stored.ts';

const check = (told: readonly number[], recorded: Readonly<Record<number, number>>, failed = 0) =>
  expectStored(
    {
      stores: {
        recorded: async () => new Map(Object.entries(recorded).map(([user, sequence]) => [user, sequence])),
      },
      sql: async <Row>() => [{ count: failed }] as Row[],
    },
    'a-campaign',
    { firstUser: 100, sequences: Uint32Array.from(told) },
    (request) => request !== 9,
  );

test('whoever was told a sequence has the coupon of it, and nobody else has one', async () => {
  await expect(check([2, 1, 0, 3], { 100: 2, 101: 1, 103: 3 })).resolves.toBeUndefined();
});

test('somebody who was told a sequence and has no coupon, or another one, is an error', async () => {
  await expect(check([1, 2], { 100: 1 })).rejects.toThrow('101 was told 2 and has no coupon');
  await expect(check([1, 2], { 100: 1, 101: 3 })).rejects.toThrow('101 was told 2 and has 3');
});

test('a coupon of somebody who was told nothing is an error', async () => {
  await expect(check([1, 0], { 100: 1, 101: 2 })).rejects.toThrow('1 were told a sequence of a-campaign; 2 coupons');
  await expect(check([1, 0], { 100: 1, 101: 1 })).rejects.toThrow('1 were told a sequence of a-campaign; 2 coupons');
});

test('a sequence that two have, or that nobody has, is an error', async () => {
  await expect(check([1, 1], { 100: 1, 101: 1 })).rejects.toThrow('2 coupons have 1 sequences up to 1');
  await expect(check([1, 1, 3], { 100: 1, 101: 1, 102: 3 })).rejects.toThrow('3 coupons have 2 sequences up to 3');
  await expect(check([1, 3], { 100: 1, 101: 3 })).rejects.toThrow('2 coupons have 2 sequences up to 3');
});

test('an event that failed is an error', async () => {
  await expect(check([1], { 100: 1 }, 4)).rejects.toThrow('4 events failed');
});
