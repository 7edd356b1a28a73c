import type { WRONGS } from '../../strategies/laboratory/judge.ts';
import type { Row } from '../../strategies/laboratory/result.ts';

export const LANGUAGES = ['en', 'ko'] as const;
export type Language = (typeof LANGUAGES)[number];

/** What went wrong, by the name of its count. */
export type Wrong = (typeof WRONGS)[number];

/** The columns of what it cost. */
export type Cost =
  | 'requestsPerSecond'
  | 'p50'
  | 'p95'
  | 'p99'
  | 'secondsUntilStored'
  | 'databaseCpuSeconds'
  | 'statementsPerRequest'
  | 'errors'
  | 'stalledSeconds';

interface ChartWords {
  readonly title: string;
  readonly subtitle: string;
}

/** The size of the work, already written as numbers. */
interface Work {
  readonly users: string;
  readonly presses: string;
  readonly coupons: string;
  readonly connections: string;
  readonly rounds: string;
}

/** Everything the generated parts say in one language; figures come in as they are to be written. */
export interface Words {
  readonly strategy: string;
  readonly titleOf: (row: Pick<Row, 'strategy' | 'title' | 'processes'>) => string;
  readonly stored: string;
  readonly wrongs: Readonly<Record<Wrong, string>>;
  readonly wrongIn: string;
  readonly of: (part: string, whole: string) => string;
  readonly costs: Readonly<Record<Cost, string>>;
  /** A sentence below the tables: what the work was, and what the figures are. */
  readonly work: (work: Work) => string;
  readonly stopped: (seconds: string, served: string, users: string) => string;

  /** Begins a line of figures. */
  readonly killed: (title: string) => string;
  readonly coupons: (stored: string, limit: string) => string;
  readonly wrongsSaid: Readonly<Record<Wrong, (count: string) => string>>;
  readonly nothingWrong: string;
  readonly wrongRounds: (wrong: string, rounds: string) => string;
  readonly speed: (figures: Readonly<Record<'rate' | 'p99' | 'statements' | 'stored' | 'stalled', string>>) => string;

  readonly correctness: Readonly<Record<'burst' | 'kill', ChartWords>>;
  readonly panels: Readonly<Record<'oversold' | 'undersold' | 'usersWithTwo' | 'toldNotIssued' | 'toldBoth', string>>;
  readonly rate: ChartWords & { readonly unit: string };
  readonly latency: ChartWords & { readonly unit: string; readonly ends: readonly [string, string] };
  readonly logarithmic: string;

  readonly headline: ChartWords & {
    readonly unit: string;
    readonly bars: Readonly<Record<'raw' | 'koa' | 'refused' | 'accepted', string>>;
    readonly figure: string;
    readonly median: string;
    readonly spread: string;
    readonly goal: string;
    readonly isMet: string;
    readonly yes: string;
    readonly no: string;
    /** By suite and name. */
    readonly titles: Readonly<Record<string, string>>;
  };
  readonly ratioUnit: string;
  readonly reported: string;
  readonly machine: (figures: Readonly<Record<'cores' | 'cpu' | 'memory' | 'kernel', string>>) => string;
}
