import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { ArrivalModel, LoadPlan } from './plan.ts';

export const HELP = `npm run load -- [options]

Drives a running coupon service, then compares what its users were told with what is true.

where
  --url URL          of an API process; repeat it for several, which are taken in turn   http://127.0.0.1:3000
  --campaign ID      which one                                                            a new one, with --limit
  --limit N          creates the campaign with N coupons; needs ADMIN_TOKEN in the environment
how much (one of --rate and --connections)
  --rate N           open model: N applications a second, whatever the answers do
  --max-in-flight N  open model: beyond so many unanswered requests nothing is sent, and that is reported   10000
  --connections N    closed model: N users at a time, each waiting for his answer                             64
  --requests N       applications; second presses and retries come on top           10000, or no end with --duration
  --duration S       seconds after which nothing new is sent                                              no end
who
  --users N          how many; when each has asked they come again                   as many as --requests
  --first-user N     the first user's id; the others follow it                       1
  --seed N           users and arrivals are the same for the same seed               1
  --duplicates P     share of applications, 0 to 1, with a second press within 30 ms 0
  --retries N        how often a press is repeated after 503, a timeout or a broken connection   0
  --timeout S        seconds until a user gives up waiting                           10
afterwards
  --settle S         how long the service may take until everything is recorded      30
  --mysql URL        learn the truth from the tables: mysql://user:password@host:3306/database   by HTTP, user by user
  --history FILE     every request and answer, must not exist                        a new file among the temporary ones
  --json FILE        the results as JSON
  --html FILE        the results as one page
other
  --ceiling          measure this tester itself against a server that does nothing
  --help

Ends with 0: nothing was violated; 1: something was; 2: it could not run.`;

export interface LoadOptions {
  readonly urls: readonly string[];
  readonly campaignId: string;
  /** Null: the campaign exists. */
  readonly create: { readonly limit: number; readonly adminToken: string } | null;
  readonly plan: Omit<LoadPlan, 'urls' | 'campaignId'>;
  /** Milliseconds. */
  readonly settle: number;
  readonly mysql: string | null;
  readonly history: string;
  readonly json: string | null;
  readonly html: string | null;
  readonly ceiling: boolean;
}

/** Everything that is wrong with the arguments, a line each. */
export class BadArguments extends Error {
  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'BadArguments';
  }
}

const text = { type: 'string' } as const;
const OPTIONS = {
  url: { type: 'string', multiple: true },
  campaign: text,
  limit: text,
  rate: text,
  'max-in-flight': text,
  connections: text,
  requests: text,
  duration: text,
  users: text,
  'first-user': text,
  seed: text,
  duplicates: text,
  retries: text,
  timeout: text,
  settle: text,
  mysql: text,
  history: text,
  json: text,
  html: text,
  ceiling: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

const CAMPAIGN = /^[a-z0-9][a-z0-9-]{0,62}$/;
const MOST_USERS = 20_000_000;
const LAST_USER = 9_223_372_036_854_775_807n;

/**
 * 'help' where that was asked for.
 *
 * @throws BadArguments
 */
export function readOptions(
  args: readonly string[],
  adminToken: string | undefined,
  started: Date,
): LoadOptions | 'help' {
  const values = parse(args);
  if (values.help === true) return 'help';
  const problems: string[] = [];
  const number = (name: keyof typeof OPTIONS, standard: number, least: number, most: number, whole = true): number => {
    const given = values[name];
    if (typeof given !== 'string') return standard;
    const value = given.trim() === '' ? Number.NaN : Number(given);
    const fits = value >= least && value <= most && (!whole || Number.isInteger(value));
    if (!fits)
      problems.push(`--${name} is ${given}; it must be a ${whole ? 'whole ' : ''}number from ${least} to ${most}`);
    return fits ? value : standard;
  };

  const urls = values.url ?? ['http://127.0.0.1:3000'];
  for (const url of urls)
    if (!['http:', 'https:'].includes(URL.parse(url)?.protocol ?? ''))
      problems.push(`--url is ${url}; it must be like http://127.0.0.1:3000`);

  const campaignId = values.campaign ?? `load-${started.getTime().toString(36)}`;
  if (!CAMPAIGN.test(campaignId))
    problems.push(`--campaign is ${campaignId}; it must have 1 to 63 lower-case letters, digits and hyphens`);
  const limit = number('limit', 0, 1, 100_000_000);
  if (values.limit === undefined && values.campaign === undefined && values.ceiling !== true)
    problems.push('--campaign is missing; it names a campaign that exists, or --limit creates one');
  if (values.limit !== undefined && (adminToken ?? '') === '')
    problems.push('--limit creates a campaign, which needs ADMIN_TOKEN in the environment');

  if (values.rate !== undefined && values.connections !== undefined)
    problems.push('--rate and --connections are two models; give one of them');
  if (values['max-in-flight'] !== undefined && values.rate === undefined)
    problems.push('--max-in-flight is for --rate; with --connections that is the number of connections');
  const maxInFlight = number('max-in-flight', 10_000, 1, 100_000);
  const rate = number('rate', 1, 0.01, 1_000_000, false);
  const connections = number('connections', 64, 1, 10_000);
  const model: ArrivalModel =
    values.rate === undefined ? { kind: 'closed', connections } : { kind: 'open', rate, maxInFlight };
  const duration = number('duration', Number.POSITIVE_INFINITY, 0.1, 86_400, false) * 1_000;
  const requests = number('requests', Number.isFinite(duration) ? Number.MAX_SAFE_INTEGER : 10_000, 1, 1_000_000_000);
  const users = number(
    'users',
    Math.min(requests, values.requests === undefined ? 1_000_000 : MOST_USERS),
    1,
    MOST_USERS,
  );
  const firstUser = /^[1-9][0-9]{0,18}$/.test(values['first-user'] ?? '1') ? BigInt(values['first-user'] ?? '1') : 0n;
  if (firstUser === 0n || firstUser + BigInt(users) - 1n > LAST_USER)
    problems.push(`--first-user is ${values['first-user']}; all ids must be from 1 to ${LAST_USER}`);

  const mysql = values.mysql ?? null;
  if (mysql !== null && (URL.parse(mysql)?.protocol !== 'mysql:' || (URL.parse(mysql)?.pathname.length ?? 0) < 2))
    problems.push('--mysql must be like mysql://user:password@host:3306/database');

  const plan = {
    model,
    requests,
    duration,
    users,
    firstUser,
    seed: number('seed', 1, 0, 4_294_967_295),
    duplicates: number('duplicates', 0, 0, 1, false),
    retries: number('retries', 0, 0, 1_000),
    timeout: number('timeout', 10, 0.05, 600, false) * 1_000,
  };
  const settle = number('settle', 30, 0, 3_600, false) * 1_000;
  if (problems.length > 0) throw new BadArguments(problems);
  return {
    urls,
    campaignId,
    create: values.limit === undefined ? null : { limit, adminToken: adminToken ?? '' },
    plan,
    settle,
    mysql,
    history: values.history ?? join(tmpdir(), `load-${campaignId}-${started.getTime()}.ndjson`),
    json: values.json ?? null,
    html: values.html ?? null,
    ceiling: values.ceiling ?? false,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: false }).values;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const names = Object.keys(OPTIONS).map((name) => `--${name}`);
    throw new BadArguments([why, `accepted are ${names.join(' ')}`]);
  }
}
