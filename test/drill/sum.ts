import { readFile } from 'node:fs/promises';
import { TOLD } from '../../scripts/load/told.ts';
import { TRUE_STATES } from '../../scripts/load/truth.ts';
import { familyTable, faultTable } from './report.ts';
import type { Results } from './results.ts';
import { table } from './table.ts';

/** Adds up the results of several runs: node test/drill/sum.ts results/*.json */
async function main(files: readonly string[]): Promise<number> {
  if (files.length === 0) throw new RangeError('npm run drill:sum -- <results of drills>.json …');
  const runs: Results[] = await Promise.all(files.map(async (file) => JSON.parse(await readFile(file, 'utf8'))));
  const faults = runs.flatMap((run) => run.faults);
  const total = (figure: (run: Results) => number): number => runs.reduce((sum, run) => sum + figure(run), 0);
  const invariants = (runs.at(-1)?.invariants ?? []).map(({ id, what }) => [
    id,
    total((run) => run.invariants.find((one) => one.what === what)?.figure ?? Number.NaN),
    what,
  ]);
  const matrix = TOLD.map((told) => [told, ...TRUE_STATES.map((state) => total((run) => run.users[told][state]))]);
  const good = runs.every((run) => run.good);
  console.log(
    [
      familyTable(faults),
      '',
      faultTable(faults),
      '',
      table(['told', ...TRUE_STATES], matrix),
      '',
      table(['invariant', 'figure', 'what has to be 0'], invariants),
      '',
      table(
        ['date', 'seed', 'streams', 'minutes', 'faults', 'requests', 'coupons', 'verdict', 'machine'],
        runs.map((run) => [
          run.date.slice(0, 10),
          run.seed,
          run.streams,
          Math.round(run.minutes),
          run.faults.length,
          run.requests,
          run.coupons,
          run.good ? 'good' : 'broken',
          run.machine,
        ]),
      ),
      '',
      `${faults.length} faults in ${runs.length} runs and ${Math.round(total((run) => run.minutes))} minutes: ${good ? 'GOOD' : 'BROKEN'}`,
    ].join('\n'),
  );
  return good ? 0 : 1;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
