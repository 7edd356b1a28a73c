export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** One comparison in a hundred of two runs that do not differ calls them different. */
const CONFIDENCE = 0.99;

/**
 * Where the shift from `before` to `after` lies, with at least 99 % confidence: `pair` is what is done to each pair
 * of rounds (their ratio, or their difference), and the interval is cut off the sorted pairs at the exact
 * critical value of the rank-sum test of Wilcoxon, Mann and Whitney (Hollander and Wolfe, Nonparametric Statistical
 * Methods, section 4.3). It asks nothing about how rounds are distributed. It leaves "no change" out exactly where
 * that test refuses it; with five rounds on both sides that is where the ranges of the rounds do not overlap.
 *
 * Null: no outcome of so few rounds could be told from chance; four against six or five against five are the fewest that can.
 */
export function shiftInterval(
  before: readonly number[],
  after: readonly number[],
  pair: (before: number, after: number) => number,
): Interval | null {
  const cut = cutOff(before.length, after.length);
  if (cut === null) return null;
  const pairs = before.flatMap((one) => after.map((other) => pair(one, other))).toSorted((a, b) => a - b);
  return { low: pairs[cut] ?? Number.NaN, high: pairs[pairs.length - 1 - cut] ?? Number.NaN };
}

/** How many of the sorted pairs are cut off at either end: the highest U whose lower tail has half of what may be wrong. */
function cutOff(n: number, m: number): number | null {
  const ways = waysToReach(n, m);
  const all = ways.reduce((sum, count) => sum + count, 0);
  let tail = 0;
  let cut: number | null = null;
  for (const [u, count] of ways.entries()) {
    tail += count;
    if (tail / all > (1 - CONFIDENCE) / 2) break;
    cut = u;
  }
  return cut;
}

/** In how many of the orders of n and m values U pairs stand the other way round, by U: the Gaussian binomial coefficient. */
function waysToReach(n: number, m: number): readonly number[] {
  const ways: number[] = Array.from({ length: n * m + 1 }, (_, u) => (u === 0 ? 1 : 0));
  for (let i = 1; i <= n; i += 1) {
    for (let u = n * m; u >= m + i; u -= 1) ways[u] = (ways[u] ?? 0) - (ways[u - m - i] ?? 0);
    for (let u = i; u <= n * m; u += 1) ways[u] = (ways[u] ?? 0) + (ways[u - i] ?? 0);
  }
  return ways;
}
