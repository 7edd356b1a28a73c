// From a loss of everything in Redis to the next grant, on real servers of its own: npm run bench:reopening
import { availableParallelism, cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { Redis } from 'ioredis';
import { makeOrm } from '../src/adapters/mikro-orm/orm.ts';
import { Deployment } from '../test/support/deployment.ts';
import { ServerStack } from '../test/support/own-servers.ts';
import { fillCampaigns } from './reopening/filled-campaigns.ts';
import { loseAndReopen, type Round } from './reopening/round.ts';
import { type Spread, spreadOf } from './reopening/spread.ts';

interface Scenario {
  readonly campaigns: number;
  readonly users: number;
  /** Milliseconds until the last campaign grants again; null: only reported. */
  readonly within: number | null;
}

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  '10,000 users': { campaigns: 1, users: 10_000, within: 8_000 },
  '1,000,000 users': { campaigns: 1, users: 1_000_000, within: 20_000 },
  '200 campaigns of 1,000 users': { campaigns: 200, users: 1_000, within: null },
};

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    only: { type: 'string', default: '' },
    json: { type: 'boolean', default: false },
  },
});
const rounds = Number(options.rounds);
if (!Number.isInteger(rounds) || rounds < 1) throw new Error('--rounds takes a number from 1');
const say = (text: string): void => void (options.json ? process.stderr : process.stdout).write(`${text}\n`);

async function measure({ campaigns, users }: Scenario): Promise<{ rounds: readonly Round[]; versions: string }> {
  const servers = await ServerStack.start();
  const deployment = new Deployment(servers);
  const redis = new Redis(servers.redisUrl);
  try {
    await deployment.migrate();
    await deployment.startConsumers(1);
    await deployment.startApis(1);
    await deployment.ready();
    const ids = await fillCampaigns(deployment.client(), servers.mysqlUrl(), { campaigns, users });
    process.stderr.write(`filled ${campaigns} × ${users}\n`);
    const measured: Round[] = [];
    // The first loss only brings what was filled into MySQL to Redis as well.
    for (let round = 0; round <= rounds; round += 1) {
      const result = await loseAndReopen(deployment, redis, ids, users + round + 1);
      process.stderr.write(`round ${round} of ${rounds}: ${result.lastGrant} ms\n`);
      if (round > 0) measured.push(result);
    }
    return { rounds: measured, versions: await versionsOf(redis, servers.mysqlUrl()) };
  } finally {
    redis.disconnect();
    await deployment.kill();
    await servers.remove();
  }
}

async function versionsOf(redis: Redis, mysqlUrl: string): Promise<string> {
  const orm = makeOrm(mysqlUrl);
  try {
    await orm.connect();
    const [row] = await orm.em.fork().execute<[{ version: string }]>('select version() as version');
    const version = /redis_version:(\S+)/.exec(await redis.info('server'))?.[1];
    return `Node ${process.versions.node}, Redis ${version}, MySQL ${row.version}`;
  } finally {
    await orm.close();
  }
}

const PARTS: readonly (readonly [part: keyof Round, title: string])[] = [
  ['notice', 'notice'],
  ['wait', 'close and wait'],
  ['drain', 'drain'],
  ['replace', 'snapshot, load, swap'],
  ['snapshot', '  snapshot (longest of one)'],
  ['loadAndSwap', '  load and swap (longest of one)'],
  ['firstGrant', 'loss to first grant'],
  ['lastGrant', 'loss to last campaign'],
  ['memory', 'memory of the leader'],
];

// Servers that were started end with the process, which only an exit of its own tells them.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

const results: Record<string, Record<string, Spread>> = {};
let versions = '';
let met = true;
for (const [name, scenario] of Object.entries(SCENARIOS)) {
  if (!name.includes(options.only)) continue;
  const measured = await measure(scenario);
  versions = measured.versions;
  const spreads = Object.fromEntries(
    PARTS.map(([part]) => [part, spreadOf(measured.rounds.map((each) => each[part]))]),
  );
  results[name] = spreads;
  const isMet = scenario.within === null || (spreads['lastGrant']?.most ?? Number.NaN) <= scenario.within;
  met &&= isMet;
  say(
    `\n${name}, ${rounds} rounds${scenario.within === null ? '' : `, at most ${scenario.within} ms: ${isMet ? 'met' : 'MISSED'}`}`,
  );
  for (const [part, title] of PARTS) {
    const { median, least, most } = spreads[part] ?? spreadOf([]);
    say(
      `  ${title.padEnd(34)} ${String(median).padStart(7)} ${part === 'memory' ? 'MiB' : 'ms '}  ${least} to ${most}`,
    );
  }
}
const gibibytes = Math.round(totalmem() / 2 ** 30);
const machine = `${availableParallelism()} cores ${cpus()[0]?.model.trim() ?? ''}, ${gibibytes} GiB, ${new Date().toISOString().slice(0, 10)}`;
say(`\n${machine}; ${versions}`);
if (options.json) process.stdout.write(`${JSON.stringify({ machine, versions, rounds, met, results }, null, 2)}\n`);
process.exitCode = met ? 0 : 1;
