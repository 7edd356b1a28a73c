import { setTimeout as sleep } from 'node:timers/promises';
import { ADMIN_TOKEN, PROCESSES } from './fleet.ts';
import type { Scene } from './scene.ts';

interface Account {
  readonly id: string;
  readonly pending: number | null;
  readonly inFlight: number | null;
  readonly unaccounted: number | null;
  readonly lag: number | null;
}

/** What is left of design I3 after everything is healthy, in milliseconds. */
const SETTLED_WITHIN = 30_000;

export interface Drained {
  /** Milliseconds until everything was settled; null: it was not in time. */
  readonly within: number | null;
  readonly unaccounted: number | null;
  /** Of every process, by name. */
  readonly ready: Readonly<Record<string, number>>;
  /** What was not settled. */
  readonly left: readonly string[];
}

/** Waits until every grant is settled, and says what is left. */
export async function drained(scene: Scene): Promise<Drained> {
  const startedAt = performance.now();
  for (;;) {
    const state = await look(scene).catch((error: unknown) => ({
      unaccounted: null,
      ready: {},
      left: [String(error)],
    }));
    const elapsed = Math.round(performance.now() - startedAt);
    if (state.left.length === 0) return { ...state, within: elapsed };
    if (elapsed > SETTLED_WITHIN) return { ...state, within: null };
    await sleep(100);
  }
}

async function look({ fleet }: Scene): Promise<Omit<Drained, 'within'>> {
  const ready: Record<string, number> = {};
  for (let index = 0; index < PROCESSES; index += 1) {
    const process = fleet.process(index);
    ready[process.name] = (await process.readiness()).status;
  }
  const left = Object.entries(ready).flatMap(([name, status]) => (status === 200 ? [] : [`${name} answers ${status}`]));
  let unaccounted: number | null = 0;
  for (const account of await accounts(fleet.urls[0])) {
    const { id, pending, inFlight, lag } = account;
    unaccounted = unaccounted === null || account.unaccounted === null ? null : unaccounted + account.unaccounted;
    if (pending !== 0 || inFlight !== 0 || account.unaccounted !== 0 || lag !== 0) {
      left.push(`${id}: pending ${pending}, in flight ${inFlight}, unaccounted ${account.unaccounted}, lag ${lag}`);
    }
  }
  return { ready, unaccounted, left };
}

async function accounts(url: string | undefined): Promise<readonly Account[]> {
  const all: Account[] = [];
  let cursor: string | null = null;
  do {
    const after: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const answer = await fetch(`${url}/admin/campaigns?limit=100${after}`, {
      headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
      signal: AbortSignal.timeout(5_000),
    });
    if (answer.status !== 200) throw new Error(`/admin/campaigns answers ${answer.status}`);
    const page: { items: readonly Account[]; nextCursor: string | null } = JSON.parse(await answer.text());
    all.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return all;
}
