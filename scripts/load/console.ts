import type { LoadRun, Progress } from './load.ts';
import { mustBeZero } from './matrix.ts';
import type { Results } from './measure.ts';
import type { Percentiles } from './percentiles.ts';
import { TOLD } from './told.ts';
import { TRUE_STATES } from './truth.ts';
import { VIOLATIONS, type ViolationKind } from './verdict.ts';

const BAR_WIDTH = 24;
const BAR_EVERY = 200;
const LINE_EVERY = 5_000;
const whole = (value: number): string => Math.round(value).toLocaleString('en-US');
const milliseconds = (value: number): string => (value < 10 ? value.toFixed(2) : value.toFixed(value < 100 ? 1 : 0));

/** A bar that is drawn again and again on a terminal, a line every 5 seconds elsewhere. Answers how to end it. */
export function showProgress(
  run: Pick<LoadRun, 'progress'>,
  share: (progress: Progress, elapsed: number) => number,
  out: NodeJS.WriteStream,
): () => void {
  const began = performance.now();
  const draw = () => {
    const elapsed = performance.now() - began;
    const { sent, accepted, refused, failed, inFlight } = run.progress;
    const done = Math.min(1, share(run.progress, elapsed));
    const filled = Math.round(done * BAR_WIDTH);
    const bar = out.isTTY ? `\r\u001b[K${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)} ` : '';
    const counts = `${whole(sent)} sent, ${whole(accepted)} accepted, ${whole(refused)} refused, ${whole(failed)} failed, ${whole(inFlight)} in flight`;
    out.write(
      `${bar}${String(Math.floor(done * 100)).padStart(3)} %  ${Math.round(elapsed / 1_000)} s  ${counts}${out.isTTY ? '' : '\n'}`,
    );
  };
  const timer = setInterval(draw, out.isTTY ? BAR_EVERY : LINE_EVERY).unref();
  return () => {
    clearInterval(timer);
    if (out.isTTY) {
      draw();
      out.write('\n');
    }
  };
}

/** The results for a person at a terminal. */
export function describe(results: Results): string {
  const { statistics, tester, truth, verdict, campaignId, history } = results;
  const { latency, lateness } = statistics;
  return [
    '',
    `campaign ${campaignId}: ${whole(statistics.requests)} requests in ${statistics.seconds.toFixed(1)} s, ${whole(statistics.answersPerSecond)} answers a second`,
    `tester: ${tester.cores.toFixed(2)} cores busy, ${whole(tester.retried)} retries, ${whole(tester.notSent)} could not be sent` +
      `, late by ${milliseconds(lateness?.p99 ?? 0)} ms (p99)`,
    '',
    table([
      ['latency, ms', 'answers', 'p50', 'p90', 'p95', 'p99', 'p99.9', 'max'],
      ...Object.entries(latency).map(([name, each]) => [name, ...latencyCells(each)]),
    ]),
    '',
    `told (by the strongest answer of each user) and true (by ${truth.source === 'http' ? 'HTTP' : 'the tables'}); ! must be 0`,
    table([
      ['told \\ true', ...TRUE_STATES, 'answers'],
      ...TOLD.map((told) => [
        told,
        ...TRUE_STATES.map((state) => `${whole(verdict.users[told][state])}${mustBeZero(told, state) ? ' !' : '  '}`),
        whole(statistics.told[told]),
      ]),
    ]),
    '',
    ...verdict.notes.map((note) => `note: ${note}`),
    ...violationLines(results),
    `history: ${history}`,
    verdict.good ? 'Good: nothing was violated.' : 'VIOLATED.',
  ].join('\n');
}

function violationLines({ verdict }: Results): readonly string[] {
  return (Object.keys(VIOLATIONS) as ViolationKind[]).flatMap((kind) => {
    const { count, examples } = verdict.violations[kind];
    if (count === 0) return [];
    return [
      `${kind}: ${whole(count)} × ${VIOLATIONS[kind]}`,
      ...examples.slice(0, 5).map((example) => `    ${example}`),
    ];
  });
}

export const latencyCells = (each: Percentiles | null): readonly string[] =>
  each === null
    ? ['0', '', '', '', '', '', '']
    : [whole(each.count), ...[each.p50, each.p90, each.p95, each.p99, each.p999, each.max].map(milliseconds)];

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join('   '),
    )
    .join('\n');
}
