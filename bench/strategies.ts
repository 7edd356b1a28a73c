// Every simple answer beside this service, doing the same work on real servers: npm run bench:strategies
import { writeFile } from 'node:fs/promises';
import { ServerStack } from '../test/support/own-servers.ts';
import type { Contender } from './strategies/laboratory/contender.ts';
import { CONTENDERS, PROCESSES } from './strategies/laboratory/contenders.ts';
import { crowdOf } from './strategies/laboratory/crowd.ts';
import { HELP, type Options, readOptions } from './strategies/laboratory/options.ts';
import { type Results, type Row, rowOf, type Section } from './strategies/laboratory/result.ts';
import { tablesOf } from './strategies/laboratory/table.ts';
import { THIS_SERVICE } from './strategies/laboratory/this-service.ts';
import { type Trial, trial } from './strategies/laboratory/trial.ts';
import { versionsOf } from './strategies/laboratory/versions.ts';
import { machineOf } from './support/machine.ts';
import { commitOf } from './support/versions.ts';

const TITLES = { burst: 'The burst', kill: 'The burst, and an API process is killed in the middle' } as const;

const options = readOptionsOrEnd();
const { users, coupons, presses, connections, rounds, quick } = options;
// Servers that were started end with the process, which only an exit of its own tells them.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

const chosen = CONTENDERS.filter(({ name }) => options.only.length === 0 || options.only.includes(name));
const trials = new Map<string, Trial[]>();
const keyOf = (section: Section['name'], { title }: Contender): string => `${section} ${title}`;
const date = new Date().toISOString();
let versions: Readonly<Record<string, string>> = {};
let crashed = false;

const servers = await ServerStack.start();
try {
  versions = await versionsOf(servers);
  const crowd = crowdOf(options);
  const plan = { crowd, coupons, connections, within: 1_000 * options.seconds, warmUp: quick ? 100 : 1_000 };
  for (let round = 1; round <= rounds; round += 1) {
    for (const section of options.sections) {
      for (const contender of chosen) {
        if (contender.onlyIn !== undefined && contender.onlyIn !== section) continue;
        const what = `round ${round} of ${rounds}, ${section}: ${contender.title}`;
        const began = performance.now();
        try {
          const result = await trial(contender, servers, { ...plan, kills: section === 'kill' });
          const key = keyOf(section, contender);
          trials.set(key, [...(trials.get(key) ?? []), result]);
          process.stderr.write(`${what}: ${((performance.now() - began) / 1_000).toFixed(1)} s\n`);
        } catch (error) {
          crashed = true;
          console.error(`${what} CRASHED:`, error);
        }
      }
    }
  }
} finally {
  await servers.remove();
}

const sections = options.sections.map((name): Section => {
  const rows = chosen.flatMap((contender) => {
    const measured = trials.get(keyOf(name, contender)) ?? [];
    return measured.length > 0 ? [rowOf(contender, { limit: coupons, users }, measured)] : [];
  });
  return { name, rows };
});
for (const { name, rows } of sections.filter((each) => each.rows.length > 0))
  console.log([`\n${TITLES[name]}`, ...tablesOf(rows)].join('\n'));

const machine = { ...machineOf(), pinning: 'no process is pinned' };
const commit = await commitOf();
console.log(`
${users} users press ${presses} times for ${coupons} coupons over ${connections} connections; rounds: ${rounds}; wrong counts are those of the worst round, the others medians${quick ? '; quick: not how fast' : ''}
${machine.cores} cores ${machine.cpu}, ${machine.memoryGiB} GiB, Linux ${machine.kernel}; ${date}, commit ${commit}
${Object.entries(versions)
  .map(([name, version]) => `${name} ${version}`)
  .join(', ')}`);
if (options.json !== null) {
  const about = { date, machine, versions, commit, quick, rounds, users, coupons, presses, connections };
  const results: Results = { schema: 1, ...about, processes: PROCESSES, sections };
  await writeFile(options.json, `${JSON.stringify(results, null, 2)}\n`);
}
const ours = sections.flatMap(({ rows }) => rows.filter(({ strategy }) => strategy === THIS_SERVICE));
// Where everybody could press, there are more users than coupons: each coupon has to be somebody's.
const isShort = ({ stored, stoppedAfter }: Row): boolean => stoppedAfter === null && stored < Math.min(coupons, users);
const isWrong = ours.some((row) => row.roundsWrong > 0 || isShort(row));
if (isWrong) console.error('WRONG: this service, see its rows');
process.exitCode = crashed || isWrong ? 1 : 0;

function readOptionsOrEnd(): Options {
  try {
    const names = [...new Set(CONTENDERS.map(({ name }) => name))];
    const read = readOptions(process.argv.slice(2), names);
    if (!read.help) return read;
    console.log(`${HELP}\n\nStrategies: ${names.join(', ')}`);
    process.exit(0);
  } catch (error) {
    console.error(`${String(error)}\n\n${HELP}`);
    process.exit(2);
  }
}
