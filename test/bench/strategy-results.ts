import type { StrategyResults } from '../../bench/documents/strategy-results.ts';
import type { Row, Section } from '../../bench/strategies/laboratory/result.ts';
import { resultsWith } from './results.ts';

export const rowWith = (other: Partial<Row>): Row => ({
  strategy: 'this-service',
  title: 'this service',
  processes: 2,
  limit: 2_000,
  users: 20_000,
  usersServed: 20_000,
  stored: 2_000,
  oversold: 0,
  undersold: 0,
  usersWithTwo: 0,
  toldNotIssued: 0,
  issuedToldNo: 0,
  toldBoth: 0,
  issuedToStrangers: 0,
  requests: 25_000,
  errors: 0,
  requestsPerSecond: 4_321,
  p50: 5.25,
  p95: 20,
  p99: 41.5,
  secondsUntilStored: 1.5,
  databaseCpuSeconds: 0.25,
  statements: 1_000,
  statementsPerRequest: 0.04,
  stalledSeconds: 0.1,
  stoppedAfter: null,
  rounds: 3,
  roundsWrong: 0,
  ...other,
});

/** What `npm run bench:strategies -- --json` may write. */
export function strategyResultsWith(sections: readonly Section[]): StrategyResults {
  const { date, machine, versions, commit } = resultsWith([]);
  const about = { date, machine, versions, commit, quick: false, rounds: 3, processes: 2 };
  return { schema: 1, ...about, users: 20_000, coupons: 2_000, presses: 25_000, connections: 256, sections };
}
