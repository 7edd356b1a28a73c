import { parseArgs } from 'node:util';
import { type ProfileName, profileNames } from './profiles.ts';
import { describe } from './report.ts';
import { runSeeds } from './run-seeds.ts';
import { type Guard, guards, sabotages } from './sabotages.ts';
import { runSchedule } from './schedule.ts';

const USAGE = `npm run simulate -- [--seeds 20000] [--first-seed 1] [--workers n] [--profile p] [--sabotage guard]
npm run simulate -- --seed n --trace [--profile p] [--sabotage guard]
profiles: ${profileNames.join(', ')}
guards:   ${guards.join(', ')}`;

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '20000' },
    'first-seed': { type: 'string', default: '1' },
    workers: { type: 'string' },
    profile: { type: 'string' },
    sabotage: { type: 'string' },
    seed: { type: 'string' },
    trace: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const refuse = (why: string): never => {
  console.error(`${why}\n${USAGE}`);
  process.exit(2);
};

const numberOf = (text: string): number => (/^\d{1,9}$/.test(text) ? Number(text) : refuse(`${text} is not a number`));
const oneOf = <K extends string>(text: string | undefined, known: readonly K[]): K | undefined =>
  text === undefined ? undefined : (known.find((name) => name === text) ?? refuse(`there is no ${text}`));

const profile: ProfileName | undefined = oneOf(values.profile, profileNames);
const sabotage: Guard | undefined = oneOf(values.sabotage, guards);

if (values.help) {
  console.log(USAGE);
} else if (values.seed !== undefined) {
  const trace = values.trace ? (line: string) => console.log(line) : undefined;
  const guard = sabotage && sabotages[sabotage];
  const { violations, ...rest } = await runSchedule(numberOf(values.seed), { profile, sabotage: guard, trace });
  console.log(rest);
  for (const { invariant, detail } of violations) console.log(`${invariant} ${detail}`);
  console.log(`violations: ${violations.length}`);
  process.exitCode = violations.length > 0 ? 1 : 0;
} else {
  const seeds = numberOf(values.seeds);
  const workers = values.workers === undefined ? undefined : numberOf(values.workers);
  const begun = performance.now();
  const cpuBefore = process.cpuUsage();
  const report = await runSeeds({ seeds, firstSeed: numberOf(values['first-seed']), workers, profile, sabotage });
  const { user, system } = process.cpuUsage(cpuBefore);
  console.log(describe(report, (performance.now() - begun) / 1e3, (user + system) / 1e6));
  process.exitCode = report.violated.length > 0 ? 1 : 0;
}
