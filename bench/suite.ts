import type { Installation } from './support/installation.ts';

/** What one round measured, by name. */
export type Readings = Readonly<Record<string, number>>;

export type Goal = { readonly atLeast: number } | { readonly atMost: number };

/** One line of the table: computed of every round by itself, then the median and the spread over the rounds. */
export interface Figure {
  /** Stable over time: `bench:compare` finds it by this. */
  readonly name: string;
  readonly title: string;
  /** `ratio`, `1/s`, `ms`, `µs`, `s`, `B`, `MiB`, `cores` */
  readonly unit: string;
  /** Absent: reported only. */
  readonly goal?: Goal;
  readonly of: (readings: Readings) => number;
}

/** What a round read under this name, as it is. */
export const reading =
  (name: string): Figure['of'] =>
  (readings) =>
    readings[name] ?? Number.NaN;

export interface Scale {
  /** Quick: short rounds on small data; its figures say that everything works, not how fast. */
  readonly quick: boolean;
  readonly rounds: number;
  /** How many the API answers while its memory is watched. */
  readonly requests: number;
}

/** Something that is measured in rounds; whatever is compared with one another is measured in turn within each round. */
export interface Suite {
  readonly name: string;
  readonly figures: readonly Figure[];
  /** Printed below the table: how it was measured, as far as the figures do not say it. */
  readonly notes?: readonly string[];
  prepare(installation: Installation, scale: Scale): Promise<PreparedSuite>;
}

export interface PreparedSuite extends AsyncDisposable {
  /** Rejects where an answer, or what was stored, is wrong: a fast wrong service has no figure. The first round (0) warms up and is thrown away. */
  round(number: number): Promise<Readings>;
}
