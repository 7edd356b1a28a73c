import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DomainError } from '../../src/domain/domain-error.ts';
import { isUserId, LARGEST_USER_ID, parseUserId } from '../../src/domain/user-id.ts';

const LARGEST = 2n ** 63n - 1n;

it('takes every positive 64-bit integer in its canonical decimal form, and leaves it as it is', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: LARGEST }), (id) => {
      expect(parseUserId(String(id))).toBe(String(id));
    }),
  );
});

it('takes a text only if it is the canonical form of a positive 64-bit integer', () => {
  const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: 21 });
  fc.assert(
    fc.property(fc.oneof(fc.string(), digits), (text) => {
      const number = /^\d+$/.test(text) ? BigInt(text) : 0n;
      expect(isUserId(text)).toBe(number >= 1n && number <= LARGEST && String(number) === text);
    }),
  );
});

it('keeps two users apart that a JavaScript number would merge', () => {
  expect(parseUserId('9007199254740993')).not.toBe(parseUserId('9007199254740992'));
});

it('takes the largest 64-bit integer and refuses the next one', () => {
  expect(LARGEST_USER_ID).toBe(String(LARGEST));
  expect(isUserId(LARGEST_USER_ID)).toBe(true);
  expect(isUserId('9223372036854775808')).toBe(false);
});

it.each(['', '0', '01', '-1', '+1', ' 1', '1 ', '1\n', '1.0', '1e3', '0x1', '١', '10000000000000000000', 'abc'])(
  'refuses %j, saying what is accepted',
  (text) => {
    expect(() => parseUserId(text)).toThrow(expect.objectContaining({ code: 'invalid-user-id' }));
    expect(() => parseUserId(text)).toThrow(DomainError);
  },
);
