import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { LoadRun } from '../../scripts/load/load.ts';
import { measure, type Onlooker, type Results } from '../../scripts/load/measure.ts';
import type { LoadPlan } from '../../scripts/load/plan.ts';

/** A folder that is gone when the test has ended. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'load-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

export const PLAN = {
  model: { kind: 'closed', connections: 8 },
  requests: 60,
  duration: Number.POSITIVE_INFINITY,
  users: 60,
  firstUser: 1n,
  seed: 1,
  duplicates: 0,
  retries: 0,
  timeout: 5_000,
} as const satisfies Omit<LoadPlan, 'urls' | 'campaignId'>;

interface Driven {
  readonly results: Results;
  readonly run: LoadRun | undefined;
}

/** The load tester, in this process. */
export async function drive(
  url: string,
  campaignId: string,
  plan: Partial<LoadPlan> = {},
  more: { readonly settle?: number; readonly settling?: Onlooker['settling'] } = {},
): Promise<Driven> {
  let run: LoadRun | undefined;
  const results = await measure(
    {
      urls: [url],
      campaignId,
      create: null,
      plan: { ...PLAN, ...plan },
      settle: more.settle ?? 2_000,
      mysql: null,
      history: join(temporaryFolder(), 'history.ndjson'),
      json: null,
      html: null,
      ceiling: false,
    },
    {
      started: (each) => {
        run = each;
      },
      settling: more.settling ?? (() => {}),
    },
  );
  return { results, run };
}
