import type { Goal, Readings } from '../suite.ts';

/** What `--json` writes and `bench:compare` reads. */
export interface Results {
  readonly schema: 1;
  /** RFC 3339, UTC. */
  readonly date: string;
  readonly machine: Machine;
  readonly versions: Readonly<Record<string, string>>;
  /** Abbreviated; ends in `-dirty` where the files were not those of the commit. */
  readonly commit: string;
  readonly quick: boolean;
  readonly rounds: number;
  readonly figures: readonly FigureResult[];
  /** By suite, one entry for every round that counts. */
  readonly readings: Readonly<Record<string, readonly Readings[]>>;
  /** Suites that did not come to their end, and why. */
  readonly failures: readonly Failure[];
}

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly kernel: string;
  /** Which process ran on which core. */
  readonly pinning: string;
}

export interface FigureResult {
  readonly suite: string;
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  readonly goal: Goal | null;
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
  readonly rounds: readonly number[];
}

export interface Failure {
  readonly suite: string;
  readonly error: string;
}
