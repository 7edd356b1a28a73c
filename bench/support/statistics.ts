export interface Spread {
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
}

/** NaN of nothing. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (index: number): number => sorted[index] ?? Number.NaN;
  const middle = (sorted.length - 1) / 2;
  return {
    median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2,
    lowest: at(0),
    highest: at(sorted.length - 1),
  };
}

/** The value that this share of all values does not exceed (nearest rank); NaN of nothing. */
export function percentileOf(values: Uint32Array, share: number): number {
  const rank = Math.max(1, Math.ceil(share * values.length));
  return values.toSorted()[rank - 1] ?? Number.NaN;
}
