export const DEFAULT_PAGE_SIZE = 50;
export const LARGEST_PAGE_SIZE = 100;

/** Which page: at most `limit` items after `cursor`, a text that an earlier page gave. */
export interface PageRequest {
  readonly limit: number;
  readonly cursor: string | null;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/**
 * Makes a page of rows that were read with one more than asked for: the extra row says that another page follows.
 */
export function pageOf<T>(rows: readonly T[], limit: number, cursorOf: (last: T) => string): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last !== undefined ? cursorOf(last) : null };
}
