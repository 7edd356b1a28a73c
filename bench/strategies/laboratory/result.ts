import { spreadOf } from '../../support/statistics.ts';
import type { Contender } from './contender.ts';
import { isRight, type Judgement, WRONGS } from './judge.ts';
import type { Trial } from './trial.ts';

/** One contender in one section. Counts of what went wrong are those of the worst round, everything else is the median. */
export interface Row extends Judgement {
  readonly strategy: string;
  readonly title: string;
  readonly processes: number;
  readonly limit: number;
  readonly users: number;
  /** Users who were told something certain. */
  readonly usersServed: number;
  readonly requests: number;
  /** Requests that were answered 503 or not at all. */
  readonly errors: number;
  readonly requestsPerSecond: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly secondsUntilStored: number;
  readonly databaseCpuSeconds: number;
  readonly statements: number;
  readonly statementsPerRequest: number;
  /** The longest time in which nobody was accepted, up to the last who was. */
  readonly stalledSeconds: number;
  /** Seconds after which nobody pressed any more, in at least one round; null: everybody could press in every round. */
  readonly stoppedAfter: number | null;
  readonly rounds: number;
  readonly roundsWrong: number;
}

export interface Section {
  readonly name: 'burst' | 'kill';
  readonly rows: readonly Row[];
}

/** What `--json` writes, and what the charts and tables of the documents are made of. */
export interface Results {
  readonly schema: 1;
  /** RFC 3339, UTC. */
  readonly date: string;
  readonly machine: object;
  readonly versions: Readonly<Record<string, string>>;
  readonly commit: string;
  readonly quick: boolean;
  readonly rounds: number;
  readonly users: number;
  readonly coupons: number;
  readonly presses: number;
  readonly processes: number;
  readonly connections: number;
  readonly sections: readonly Section[];
}

type Scale = Pick<Row, 'limit' | 'users'>;

/** @throws RangeError where there was no round */
export function rowOf({ name, title, processes }: Contender, { limit, users }: Scale, trials: readonly Trial[]): Row {
  const judgements = trials.map(({ judgement }) => judgement);
  const [stored] = judgements.map((each) => each.stored).toSorted((a, b) => Math.abs(b - limit) - Math.abs(a - limit));
  if (stored === undefined) throw new RangeError(`${name} had no round`);
  const median = (of: (each: Trial) => number): number => spreadOf(trials.map(of)).median;
  const worst = (wrong: (typeof WRONGS)[number]): number => Math.max(...judgements.map((each) => each[wrong]));
  const wrongs = Object.fromEntries(WRONGS.map((wrong) => [wrong, worst(wrong)]));
  return {
    strategy: name,
    title,
    processes,
    limit,
    users,
    stored,
    ...(wrongs as Record<(typeof WRONGS)[number], number>),
    usersServed: Math.min(...trials.map(({ usersServed }) => usersServed)),
    requests: median(({ requests }) => requests),
    errors: median(({ errors }) => errors),
    requestsPerSecond: median(({ requestsPerSecond }) => requestsPerSecond),
    p50: median(({ p50 }) => p50),
    p95: median(({ p95 }) => p95),
    p99: median(({ p99 }) => p99),
    secondsUntilStored: median(({ secondsUntilStored }) => secondsUntilStored),
    databaseCpuSeconds: median(({ databaseCpuSeconds }) => databaseCpuSeconds),
    statements: median(({ statements }) => statements),
    statementsPerRequest: median(({ statements, requests }) => statements / requests),
    stalledSeconds: median(({ stalledSeconds }) => stalledSeconds),
    stoppedAfter: trials.find(({ stoppedAfter }) => stoppedAfter !== null)?.stoppedAfter ?? null,
    rounds: trials.length,
    roundsWrong: judgements.filter((each) => !isRight(each)).length,
  };
}
