import { type Spread, spreadOf } from '../../support/statistics.ts';

/** Bytes of one process, and which part of a run it was in: 0 at its start, 1 at its end. */
export interface MemorySample {
  readonly progress: number;
  readonly resident: number;
  readonly heap: number;
}

const MEBIBYTE = 2 ** 20;
/** The first tenth makes the process warm. */
const FIRST = [0.1, 0.2] as const;
const LAST = [0.9, 1] as const;

/**
 * In MiB, from the second tenth of a run to its last. Of resident memory by the median; of the heap by the least that was
 * seen in each, because most of what lies there is garbage that waits for a collection.
 *
 * @throws Error where one of the two was not looked at
 */
export function growthOf(samples: readonly MemorySample[], what: 'resident' | 'heap'): number {
  const of: keyof Spread = what === 'heap' ? 'lowest' : 'median';
  const [first = Number.NaN, last = Number.NaN] = [FIRST, LAST].map(([from, to]) => {
    const seen = samples.filter(({ progress }) => progress >= from && progress <= to);
    if (seen.length === 0) throw new Error(`nobody looked between ${from} and ${to} of the run`);
    return spreadOf(seen.map((sample) => sample[what]))[of];
  });
  return (last - first) / MEBIBYTE;
}

/** In MiB, at the most. */
export const mostOf = (samples: readonly MemorySample[], what: 'resident' | 'heap'): number =>
  Math.max(...samples.map((sample) => sample[what])) / MEBIBYTE;
