import fc from 'fast-check';
import { expect, it } from 'vitest';
import { grantedOf, remainingOf } from '../../src/domain/counter-standing.ts';

const standing = fc
  .record({
    limit: fc.integer({ min: 1, max: 1_000_000 }),
    burnt: fc.nat(1_000),
    used: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ limit, burnt, used }) => ({
    limit,
    ceiling: limit + burnt,
    burnt,
    counter: Math.floor(used * (limit + burnt)),
  }));

it('granted and remaining always make up the limit', () => {
  fc.assert(
    fc.property(standing, (open) => {
      expect(grantedOf(open) + remainingOf(open)).toBe(open.limit);
    }),
  );
});

it('one grant more leaves one slot less', () => {
  fc.assert(
    fc.property(standing, (open) => {
      fc.pre(open.counter < open.ceiling);
      expect(remainingOf({ ...open, counter: open.counter + 1 })).toBe(remainingOf(open) - 1);
    }),
  );
});

it('a burnt sequence gives its slot back: the campaign still gives its whole limit', () => {
  expect(remainingOf({ ceiling: 103, counter: 3 })).toBe(100);
  expect(grantedOf({ limit: 100, ceiling: 103, counter: 3 })).toBe(0);
});

it('nothing remains, and no more than the limit is granted, where the counter stands above the ceiling', () => {
  expect(remainingOf({ ceiling: 10, counter: 12 })).toBe(0);
  expect(grantedOf({ limit: 10, ceiling: 10, counter: 12 })).toBe(10);
});
