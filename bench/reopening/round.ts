import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { Deployment } from '../../test/support/deployment.ts';
import { eventually } from '../../test/support/eventually.ts';
import { randomUserId } from '../../test/support/random.ts';
import { type JournalParts, journalParts } from './journal-parts.ts';

const GIVE_UP_AFTER = 120_000;
/** Applications a second, all campaigns together: enough to see the moment, too few to take the machine from the rebuild. */
const ASKED_PER_SECOND = 200;

export interface Round extends JournalParts {
  /** From the loss until the first application was accepted again, and until every campaign had accepted one. */
  readonly firstGrant: number;
  readonly lastGrant: number;
  /** Highest resident memory of the process that rebuilds, in MiB. */
  readonly memory: number;
}

/** Everything is deleted from Redis, and a new user presses in every campaign until he is accepted. */
export async function loseAndReopen(
  deployment: Deployment,
  redis: Redis,
  campaigns: readonly string[],
  nextSequence: number,
): Promise<Round> {
  const [leader] = deployment.consumers;
  if (leader === undefined) throw new Error('no consumer runs');
  const memory = new PeakMemory(leader.url);
  const lostAt = Date.now();
  await redis.flushall();
  const pause = (1_000 * campaigns.length) / ASKED_PER_SECOND;
  const granted = await Promise.all(campaigns.map((id) => untilAccepted(deployment, id, pause, nextSequence)));
  const peak = await memory.stop();
  const parts = await eventually(() => {
    const found = journalParts(leader, lostAt, campaigns.length);
    if (found === null) {
      const said = leader.lines.slice(-20).join('\n');
      throw new Error(`not every campaign is said to be reopened; the leader said last:\n${said}`);
    }
    return found;
  });
  return {
    ...parts,
    firstGrant: Math.min(...granted) - lostAt,
    lastGrant: Math.max(...granted) - lostAt,
    memory: peak,
  };
}

async function untilAccepted(deployment: Deployment, id: string, pause: number, next: number): Promise<number> {
  const userId = randomUserId();
  for (const until = Date.now() + GIVE_UP_AFTER; Date.now() < until; await sleep(pause)) {
    const { status, body } = await deployment.client().apply(id, userId);
    if (status !== 200 && status !== 202) continue;
    // Told the sequence after the highest that is recorded: nobody was forgotten.
    if (body['sequence'] !== next) throw new Error(`${id} granted ${String(body['sequence'])}, not ${next}`);
    return Date.now();
  }
  throw new Error(`${id} granted nothing within ${GIVE_UP_AFTER} ms`);
}

class PeakMemory {
  readonly #url: string;
  readonly #watched: Promise<number>;
  #stopped = false;

  constructor(url: string) {
    this.#url = url;
    this.#watched = this.#watch();
  }

  stop(): Promise<number> {
    this.#stopped = true;
    return this.#watched;
  }

  async #watch(): Promise<number> {
    let peak = 0;
    for (; !this.#stopped; await sleep(100)) {
      const text = await (await fetch(`${this.#url}/metrics`)).text();
      peak = Math.max(peak, Number(/^process_resident_memory_bytes (\S+)/m.exec(text)?.[1] ?? 0));
    }
    return Math.round(peak / 2 ** 20);
  }
}
