import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Numbered, overtaken } from '../../scripts/load/order-check.ts';

/** Who of all got past anybody, by looking at every pair. */
const slowly = (numbered: readonly Numbered[]): readonly Numbered[] =>
  numbered.filter((later) =>
    numbered.some(
      (earlier) => earlier.toldAt !== null && earlier.toldAt < later.askedAt && earlier.sequence > later.sequence,
    ),
  );

const moment = fc.nat({ max: 30 });
const numbered = fc
  .uniqueArray(fc.record({ sequence: fc.integer({ min: 1, max: 40 }), askedAt: moment, took: fc.option(moment) }), {
    selector: ({ sequence }) => sequence,
  })
  .map((all) =>
    all.map(({ sequence, askedAt, took }, index) => ({
      user: String(index),
      sequence,
      askedAt,
      toldAt: took === null ? null : askedAt + took,
    })),
  );

it('finds the same as a look at every pair', () => {
  let found = 0;
  fc.assert(
    fc.property(numbered, (all) => {
      const users = overtaken(all).map(({ later }) => later.user);
      expect(users.toSorted()).toEqual(
        slowly(all)
          .map(({ user }) => user)
          .toSorted(),
      );
      found += users.length;
    }),
    { numRuns: 2_000 },
  );
  expect(found).toBeGreaterThan(1_000);
});

it('names somebody who was told before and has the higher sequence', () => {
  fc.assert(
    fc.property(numbered, (all) => {
      for (const { earlier, later } of overtaken(all)) {
        expect(earlier.toldAt ?? Number.NaN).toBeLessThan(later.askedAt);
        expect(earlier.sequence).toBeGreaterThan(later.sequence);
      }
    }),
  );
});

it('takes no quadratic time', () => {
  const many = Array.from({ length: 100_000 }, (_, index) => ({
    user: String(index),
    sequence: index + 1,
    askedAt: index,
    toldAt: index + 2.5,
  }));
  expect(overtaken(many)).toEqual([]);
  const [first, ...others] = many;
  expect(overtaken([{ ...(first as Numbered), sequence: 400_000 }, ...others])).toHaveLength(99_997);
});
