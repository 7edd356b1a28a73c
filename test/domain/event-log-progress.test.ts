import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hasPassed, lagOf } from '../../src/domain/ports/event-log-progress.ts';

const position = fc
  .uniqueArray(fc.tuple(fc.nat(5), fc.bigInt({ min: 0n, max: 1_000n })), {
    selector: ([partition]) => partition,
  })
  .map((entries) => new Map(entries));

it('consumers have passed a position exactly if nothing of it lies before them', () => {
  fc.assert(
    fc.property(position, position, (committed, end) => {
      expect(hasPassed(committed, end)).toBe(lagOf(committed, end) === 0);
    }),
  );
});

it('one partition that is behind is enough not to have passed', () => {
  const end = new Map([
    [0, 5n],
    [1, 5n],
  ]);
  expect(
    hasPassed(
      new Map([
        [0, 5n],
        [1, 5n],
      ]),
      end,
    ),
  ).toBe(true);
  expect(
    hasPassed(
      new Map([
        [0, 900n],
        [1, 4n],
      ]),
      end,
    ),
  ).toBe(false);
});

it('a partition without a commit counts from its beginning', () => {
  expect(hasPassed(new Map(), new Map([[0, 1n]]))).toBe(false);
  expect(hasPassed(new Map(), new Map([[0, 0n]]))).toBe(true);
  expect(
    lagOf(
      new Map(),
      new Map([
        [0, 3n],
        [1, 4n],
      ]),
    ),
  ).toBe(7);
});

it('a partition that is ahead does not make up for one that is behind', () => {
  expect(
    lagOf(
      new Map([
        [0, 10n],
        [1, 0n],
      ]),
      new Map([
        [0, 5n],
        [1, 5n],
      ]),
    ),
  ).toBe(5);
});

it('offsets above 2^53 are compared exactly', () => {
  const end = new Map([[0, 9_007_199_254_740_993n]]);
  expect(hasPassed(new Map([[0, 9_007_199_254_740_992n]]), end)).toBe(false);
  expect(lagOf(new Map([[0, 9_007_199_254_740_992n]]), end)).toBe(1);
});
