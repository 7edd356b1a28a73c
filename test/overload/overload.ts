import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Deployment } from '../support/deployment.ts';
import { eventually } from '../support/eventually.ts';
import { randomName } from '../support/random.ts';
import type { Stores } from '../support/stores.ts';
import { type Books, type Campaign, violationsOf } from './books.ts';
import type { Plan, Report } from './generator.ts';
import { Memory } from './memory.ts';
import { type Tally, tallyOf } from './outcomes.ts';
import type { SlowReport } from './slow-sockets.ts';

export interface OverloadPlan {
  /** How long the overload lasts; the capacity is measured for a while before and after it. */
  readonly seconds: number;
  readonly capacitySeconds: number;
  /** Arrivals during the overload, in capacities. */
  readonly factor: number;
  readonly clients: number;
  readonly slowSockets: number;
}

export interface Phase {
  readonly tally: Tally;
  /** Accepted and rightly refused, per second. */
  readonly goodput: number;
  readonly arrivals: number;
  readonly sent: number;
  /** Of those who were served, in milliseconds. */
  readonly median: number;
  readonly p99: number;
}

export interface Result {
  readonly before: Phase;
  readonly overload: Phase;
  readonly after: Phase;
  readonly slow: SlowReport;
  readonly memory: Memory;
  readonly violations: readonly string[];
}

/** As many as keep one process busy, and no more. */
const CAPACITY_CLIENTS = 256;
const PATIENCE = 15_000;
const MOST_USERS_PER_SECOND = 200_000;
const SERVED = new Set([2, 3]);

const generatorOf = (plan: Plan): Promise<Report> => tell<Report>(spawn('generator-process.ts'), plan);

const spawn = (file: string): ChildProcess =>
  fork(new URL(file, import.meta.url), { serialization: 'advanced', stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });

async function tell<Answer>(child: ChildProcess, message: object): Promise<Answer> {
  const answered = once(child, 'message');
  child.send(message);
  const [answer]: Answer[] = await answered;
  if (answer === undefined) throw new Error('a child said nothing');
  return answer;
}

/** Drives one API of a deployment far beyond what it can serve, and compares what users were told with what is true. */
export async function overload(deployment: Deployment, stores: Stores, plan: OverloadPlan): Promise<Result> {
  const api = deployment.apis[0];
  if (api === undefined) throw new Error('the deployment has no API');
  const port = Number(new URL(api.url).port);
  const client = deployment.client();
  const [open, soldOut] = [randomName('open'), randomName('sold-out')];
  await client.createCampaign(open, 100_000_000);
  await client.createCampaign(soldOut, 1);
  await client.apply(soldOut, '1');
  const campaigns: readonly Campaign[] = [
    { id: open, others: new Map() },
    { id: soldOut, others: new Map([['1', 1]]) },
  ];

  const reports: Report[] = [];
  const run = async (seconds: number, connections: number, rate: number | null): Promise<Phase> => {
    const mostUsers = Math.ceil(seconds * MOST_USERS_PER_SECOND);
    const firstUser = 1_000 + reports.reduce((sum, { users }) => sum + users, 0);
    const ids = campaigns.map(({ id }) => id);
    const common = { port, patience: PATIENCE, campaigns: ids };
    const report = await generatorOf({ ...common, firstUser, mostUsers, connections, seconds, rate });
    reports.push(report);
    return phaseOf(report);
  };

  await run(plan.capacitySeconds / 2, CAPACITY_CLIENTS, null);
  const before = await run(plan.capacitySeconds, CAPACITY_CLIENTS, null);
  const memory = await Memory.watch(api);
  const slow = spawn('slow-sockets-process.ts');
  slow.send({ port, connections: plan.slowSockets, campaign: open });
  const during = await run(plan.seconds, plan.clients, plan.factor * before.goodput);
  const slowReport = await tell<SlowReport>(slow, { stop: true });
  const after = await run(plan.capacitySeconds, CAPACITY_CLIENTS, null);
  await memory.rest();

  await eventually(async () => {
    const account = await client.account(open);
    if (account.inFlight !== 0 || account.pending !== 0 || account.unaccounted !== 0) throw new Error('not drained');
  }, 120_000);
  // TCP may still deliver what clients sent who hung up long ago: nobody takes it any more.
  await api.stop();
  await eventually(async () => {
    const waiting = await stores.pending(open);
    const [recorded, counted] = [await stores.recorded(open), await stores.counted(open)];
    if (waiting > 0 || recorded.size < counted.size) throw new Error('not drained after the stop');
  }, 60_000);
  const books: Books = { reports, campaigns, stores };
  const violations = [...(await violationsOf(books)), ...memory.violations()];
  return { before, overload: during, after, slow: slowReport, memory, violations };
}

function phaseOf({ told, waits, users, seconds }: Report): Phase {
  const tally = tallyOf(told);
  const served = waits.filter((_, user) => SERVED.has(told[user] ?? 0)).toSorted();
  const at = (share: number): number => served[Math.floor(served.length * share)] ?? 0;
  return {
    tally,
    goodput: (tally.accepted + tally.refused) / seconds,
    arrivals: users / seconds,
    sent: (users - tally['not-sent']) / seconds,
    median: at(0.5),
    p99: at(0.99),
  };
}
