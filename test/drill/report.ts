import { TOLD } from '../../scripts/load/told.ts';
import { TRUE_STATES } from '../../scripts/load/truth.ts';
import type { Family, FaultRecord } from './fault.ts';
import type { Results } from './results.ts';
import { table } from './table.ts';

const seconds = (milliseconds: number): string => (milliseconds / 1_000).toFixed(1);

export function faultLine({ number, kind, detail, beganAt, recovery, beside }: FaultRecord): string {
  const outcome = recovery === null ? 'NOT RECOVERED' : `recovered in ${seconds(recovery)} s`;
  const others = beside.length > 0 ? `, beside ${beside.join(', ')}` : '';
  return `${seconds(beganAt).padStart(7)} s  #${number} ${kind} (${detail}): ${outcome}${others}`;
}

const worst = (faults: readonly FaultRecord[]): string => {
  if (faults.length === 0) return '–';
  const recoveries = faults.map(({ recovery }) => recovery ?? Number.POSITIVE_INFINITY);
  const slowest = Math.max(...recoveries);
  return Number.isFinite(slowest) ? `${seconds(slowest)} s` : 'never';
};

/** Faults by kind, with the worst recovery of those that came alone and of those that overlapped with others. */
export function faultTable(faults: readonly FaultRecord[]): string {
  const kinds = Map.groupBy(faults, ({ kind }) => kind);
  const rows = [...kinds].toSorted(([a], [b]) => a.localeCompare(b)).map(([kind, all]) => row(kind, all));
  return table(HEAD, [...rows, row('all', faults)]);
}

/** Kills, freezes and losses told apart from what happens to connections only. */
export function familyTable(faults: readonly FaultRecord[]): string {
  const groups: readonly (readonly [name: string, families: readonly Family[]])[] = [
    ['kills (kill -9)', ['kill']],
    ['freezes (SIGSTOP)', ['freeze']],
    ['losses of Redis', ['loss']],
    ['connections cut', ['cut']],
    ['connections delayed', ['delay']],
    ['answers swallowed', ['swallow']],
  ];
  const rows = groups.map(([name, families]) =>
    row(
      name,
      faults.filter(({ family }) => families.includes(family)),
    ),
  );
  return table(HEAD, [...rows, row('all', faults)]);
}

const HEAD = ['fault', 'count', 'overlapping', 'worst recovery alone', 'worst recovery overlapping'];
const row = (name: string, faults: readonly FaultRecord[]): (string | number)[] => {
  const [alone, overlapping] = [true, false].map((want) =>
    faults.filter(({ beside }) => (beside.length === 0) === want),
  );
  return [name, faults.length, overlapping?.length ?? 0, worst(alone ?? []), worst(overlapping ?? [])];
};

export function report(results: Results): string {
  const { users, invariants, drained } = results;
  const loads = results.faults.map(({ load }) => load);
  const matrix = TOLD.map((told) => [told, ...TRUE_STATES.map((state) => users[told][state])]);
  const rows = invariants.map(({ id, what, figure }) => [id, figure, what]);
  const examples = invariants.flatMap(({ id, examples: found }) => found.map((example) => `  ${id}: ${example}`));
  return [
    '',
    'Faults, and how long it took until every API accepted somebody new whose coupon was issued: from the moment the cause',
    'was gone (a server is up again, a process is started again), or the last of the causes that overlapped',
    faultTable(results.faults),
    '',
    familyTable(results.faults),
    '',
    `Users by what they were told (the strongest answer) and what is true, ${results.campaigns} campaigns`,
    table(['told', ...TRUE_STATES], matrix),
    '',
    table(['invariant', 'figure', 'what has to be 0'], rows),
    ...(examples.length > 0 ? ['', ...examples] : []),
    '',
    `${results.requests} requests, ${results.coupons} coupons; at rest ${drained.within === null ? 'never' : `${seconds(drained.within)} s after the end`}.`,
    `Load of the machine ${Math.min(...loads)} to ${Math.max(...loads)}; the drill itself was late by ${results.late} ms at worst.`,
    ...(results.revived.length > 0
      ? [`Ended by themselves and were started again: ${results.revived.join(', ')}.`]
      : []),
    ...results.skipped.map((what) => `Skipped: ${what}.`),
    `${results.good ? 'GOOD' : 'BROKEN'}: ${results.faults.length} faults in ${results.minutes.toFixed(1)} minutes, seed ${results.seed}, ${results.machine}.`,
  ].join('\n');
}
