import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Page, pageOf } from '../../src/domain/page.ts';

it('pages read with one row more than asked for neither skip nor repeat, and the last one has no cursor', () => {
  fc.assert(
    fc.property(fc.nat(60), fc.integer({ min: 1, max: 20 }), (total, limit) => {
      const rows = Array.from({ length: total }, (_, index) => index);
      const seen: number[] = [];
      const pageAfter = (after: number) => pageOf(rows.filter((row) => row > after).slice(0, limit + 1), limit, String);
      for (let cursor: string | null = '-1'; cursor !== null; ) {
        const page: Page<number> = pageAfter(Number(cursor));
        expect(page.items.length).toBeLessThanOrEqual(limit);
        seen.push(...page.items);
        cursor = page.nextCursor;
      }
      expect(seen).toEqual(rows);
    }),
  );
});

it('a page that is exactly full has no cursor', () => {
  expect(pageOf([1, 2], 2, String)).toEqual({ items: [1, 2], nextCursor: null });
});

it('a page without rows is empty and has no cursor', () => {
  expect(pageOf([], 2, String)).toEqual({ items: [], nextCursor: null });
});
