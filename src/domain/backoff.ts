export interface BackoffLimits {
  /** Milliseconds. */
  readonly first: number;
  readonly last: number;
}

/**
 * How long to wait after so many failures in a row: doubled each time up to the last, and between half of that and all
 * of it by chance, so that those who failed together do not come back together.
 *
 * @param failures that went before this one
 * @param chance in [0, 1)
 */
export const backoff = (failures: number, { first, last }: BackoffLimits, chance: number): number =>
  Math.min(first * 2 ** failures, last) * (0.5 + chance / 2);
