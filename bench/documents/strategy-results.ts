import { z } from 'zod';
import { MACHINE_SHAPE, readJson } from '../compare/read-results.ts';
import type { Results, Row } from '../strategies/laboratory/result.ts';
import type { Machine } from '../support/results.ts';

export type StrategyResults = Results & { readonly machine: Machine };

const count = z.number().min(0);

const row: z.ZodType<Row> = z.object({
  strategy: z.string(),
  title: z.string(),
  processes: count,
  limit: count,
  users: count,
  usersServed: count,
  stored: count,
  oversold: count,
  undersold: count,
  usersWithTwo: count,
  toldNotIssued: count,
  issuedToldNo: count,
  toldBoth: count,
  issuedToStrangers: count,
  requests: count,
  errors: count,
  requestsPerSecond: count,
  p50: count,
  p95: count,
  p99: count,
  secondsUntilStored: count,
  databaseCpuSeconds: count,
  statements: count,
  statementsPerRequest: count,
  stalledSeconds: count,
  stoppedAfter: count.nullable(),
  rounds: count,
  roundsWrong: count,
});

const results: z.ZodType<StrategyResults> = z.object({
  schema: z.literal(1),
  date: z.iso.datetime(),
  machine: MACHINE_SHAPE,
  versions: z.record(z.string(), z.string()),
  commit: z.string(),
  quick: z.boolean(),
  rounds: count,
  users: count,
  coupons: count,
  presses: count,
  processes: count,
  connections: count,
  sections: z.array(z.object({ name: z.enum(['burst', 'kill']), rows: z.array(row) })),
});

/** @throws CannotRead */
export const readStrategyResults = (file: string): Promise<StrategyResults> =>
  readJson(file, results, 'results of `npm run bench:strategies -- --json FILE`, schema 1');
