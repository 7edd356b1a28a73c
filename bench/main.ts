import { access, constants, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Readings, Suite } from './suite.ts';
import { SUITES } from './suites.ts';
import { figuresOf } from './support/figures.ts';
import { Installation } from './support/installation.ts';
import { machineOf } from './support/machine.ts';
import { readOptionsOrEnd } from './support/options.ts';
import type { Failure, FigureResult, Results } from './support/results.ts';
import { STOLEN, stolenFromNow } from './support/stolen.ts';
import { surroundingsOf } from './support/surroundings.ts';
import { tableOf } from './support/table.ts';
import { commitOf, versionsOf } from './support/versions.ts';

const options = readOptionsOrEnd(SUITES.map(({ name }) => name));
// Not after an hour.
if (options.json !== null) await access(dirname(options.json), constants.W_OK);
const chosen = SUITES.filter(({ name }) => options.only.length === 0 || options.only.includes(name));
const date = new Date().toISOString();
const figures: FigureResult[] = [];
const readings: Record<string, readonly Readings[]> = {};
const failures: Failure[] = [];
let versions: Readonly<Record<string, string>> = { node: process.versions.node };
let installation: Installation | null = null;
// Servers that are being started end with the process, which only an exit of its own tells them.
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(
    signal,
    () => void Promise.resolve(installation?.[Symbol.asyncDispose]()).finally(() => process.exit(1)),
  );
}
try {
  for (const suite of chosen) {
    try {
      installation ??= await Installation.start();
      versions = await versionsOf(installation);
      const measured = await measure(suite, installation);
      const lines = figuresOf({ name: suite.name, figures: [...suite.figures, STOLEN] }, measured);
      readings[suite.name] = measured;
      figures.push(...lines);
      console.log([`\n${suite.name}`, ...tableOf(lines), ...(suite.notes ?? [])].join('\n'));
    } catch (error) {
      failures.push({ suite: suite.name, error: error instanceof Error ? error.message : String(error) });
      console.error(`\n${suite.name} FAILED:`, error);
      for (const line of installation?.lastLines() ?? []) console.error(line);
      // What it left behind is not for the next one.
      await installation?.[Symbol.asyncDispose]();
      installation = null;
    }
  }
} finally {
  await installation?.[Symbol.asyncDispose]();
}

const results: Results = {
  schema: 1,
  date,
  machine: machineOf(),
  versions,
  commit: await commitOf(),
  quick: options.quick,
  rounds: options.rounds,
  figures,
  readings,
  failures,
};
console.log(['', ...surroundingsOf(results)].join('\n'));
if (options.json !== null) await writeFile(options.json, `${JSON.stringify(results, null, 2)}\n`);
process.exitCode = failures.length > 0 ? 1 : 0;

async function measure(suite: Suite, on: Installation): Promise<readonly Readings[]> {
  await using prepared = await suite.prepare(on, options);
  const measured: Readings[] = [];
  for (let round = 0; round <= options.rounds; round += 1) {
    const stolen = await stolenFromNow();
    const what = await prepared.round(round);
    if (round > 0) measured.push({ ...what, stolen: await stolen() });
    console.error(`${suite.name}: ${round === 0 ? 'warmed up' : `round ${round} of ${options.rounds}`}`);
  }
  return measured;
}
