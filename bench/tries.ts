// What single optimisations gave, each beside what it replaced: npm run bench:tries
import { access, constants, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Readings } from './suite.ts';
import { figuresOf } from './support/figures.ts';
import { machineOf } from './support/machine.ts';
import { readOptions } from './support/options.ts';
import type { Failure, FigureResult, Results } from './support/results.ts';
import { surroundingsOf } from './support/surroundings.ts';
import { tableOf } from './support/table.ts';
import { commitOf } from './support/versions.ts';
import { ALL_TRIES } from './tries/all-tries.ts';
import { ServersWhenAsked } from './tries/servers-when-asked.ts';
import type { Try } from './tries/try.ts';

const NAMES = ALL_TRIES.map(({ name }) => name);
const HELP = `Measures what single optimisations gave, each beside what it replaced, in the same rounds.

  npm run bench:tries -- [--quick] [--rounds 5] [--only ${NAMES.slice(0, 2).join(',')}] [--json FILE]

Ends with 1 where something crashed or a result was wrong. Tries: ${NAMES.join(', ')}`;

const options = optionsOrEnd();
if (options.json !== null) await access(dirname(options.json), constants.W_OK);
const date = new Date().toISOString();
const figures: FigureResult[] = [];
const readings: Record<string, readonly Readings[]> = {};
const failures: Failure[] = [];
await using servers = new ServersWhenAsked();
// Servers that are being started end with the process, which only an exit of its own tells them.
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => void servers[Symbol.asyncDispose]().finally(() => process.exit(1)));
}

for (const each of ALL_TRIES) {
  if (options.only.length > 0 && !options.only.includes(each.name)) continue;
  try {
    const measured = await measure(each);
    const lines = figuresOf(each, measured);
    readings[each.name] = measured;
    figures.push(...lines);
    console.log([`\n${each.name}`, ...tableOf(lines), ...(each.notes ?? [])].join('\n'));
  } catch (error) {
    failures.push({ suite: each.name, error: error instanceof Error ? error.message : String(error) });
    console.error(`\n${each.name} FAILED:`, error);
    for (const line of servers.lastLines()) console.error(line);
    // What it left behind is not for the next one.
    await servers[Symbol.asyncDispose]();
  }
}

const results: Results = {
  schema: 1,
  date,
  machine: { ...machineOf(), pinning: 'nothing pinned' },
  versions: await servers.versions(),
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

async function measure(what: Try): Promise<readonly Readings[]> {
  await using prepared = await what.prepare(servers.installed, options);
  const measured: Readings[] = [];
  for (let round = 0; round <= options.rounds; round += 1) {
    const read = await prepared.round(round);
    if (round > 0) measured.push(read);
    console.error(`${what.name}: ${round === 0 ? 'warmed up' : `round ${round} of ${options.rounds}`}`);
  }
  return measured;
}

function optionsOrEnd(): ReturnType<typeof readOptions> {
  try {
    const read = readOptions(process.argv.slice(2), NAMES);
    if (!read.help) return read;
    console.log(HELP);
    process.exit(0);
  } catch (error) {
    console.error(`${String(error)}\n\n${HELP}`);
    process.exit(2);
  }
}
