import { shown } from '../../support/table.ts';
import type { Row } from './result.ts';

type Column = readonly [heading: string, of: (row: Row) => string];

const WRONG: readonly Column[] = [
  ['stored', ({ stored, limit }) => `${shown(stored)} of ${shown(limit)}`],
  ['oversold', ({ oversold }) => shown(oversold)],
  ['undersold', ({ undersold }) => shown(undersold)],
  ['users with two', ({ usersWithTwo }) => shown(usersWithTwo)],
  ['told yes, none', ({ toldNotIssued }) => shown(toldNotIssued)],
  ['told no, has one', ({ issuedToldNo }) => shown(issuedToldNo)],
  ['told both', ({ toldBoth }) => shown(toldBoth)],
  ['wrong in', ({ rounds, roundsWrong }) => `${roundsWrong} of ${rounds}`],
];

const COST: readonly Column[] = [
  ['requests/s', ({ requestsPerSecond }) => shown(requestsPerSecond)],
  ['p50 ms', ({ p50 }) => shown(p50)],
  ['p95 ms', ({ p95 }) => shown(p95)],
  ['p99 ms', ({ p99 }) => shown(p99)],
  ['all stored s', ({ secondsUntilStored }) => shown(secondsUntilStored)],
  ['DB CPU s', ({ databaseCpuSeconds }) => shown(databaseCpuSeconds)],
  ['statements/request', ({ statementsPerRequest }) => shown(statementsPerRequest)],
  ['errors', ({ errors }) => shown(errors)],
  ['stalled s', ({ stalledSeconds }) => shown(stalledSeconds)],
];

/** Lines of two tables for a terminal: what went wrong, and what it cost. */
export const tablesOf = (rows: readonly Row[]): readonly string[] => [
  ...tableOf(rows, WRONG),
  '',
  ...tableOf(rows, COST),
  ...rows.flatMap(({ title, stoppedAfter, usersServed, users }) =>
    stoppedAfter === null
      ? []
      : [`${title}: stopped after ${shown(stoppedAfter)} s, ${shown(usersServed)} of ${shown(users)} users served`],
  ),
];

function tableOf(rows: readonly Row[], columns: readonly Column[]): readonly string[] {
  const cells = [
    ['', ...columns.map(([heading]) => heading)],
    ...rows.map((row) => [row.title, ...columns.map(([, of]) => of(row))]),
  ];
  const widths = cells[0]?.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0))) ?? [];
  const fit = (text: string, column: number): string =>
    column === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart(widths[column] ?? 0);
  return cells.map((line) => line.map(fit).join('  '));
}
