import type { Redis } from 'ioredis';
import type { CampaignId } from '../../domain/campaign-id.ts';
import type { Holder } from '../../domain/counter-standing.ts';
import type { CounterHoldings } from '../../domain/ports/counter-holdings.ts';
import { isUserId } from '../../domain/user-id.ts';
import { counterKeys } from './counter-keys.ts';
import { ask } from './redis-connection.ts';

/** About a millisecond of the server's time, in which nobody is granted anything. */
const AT_ONCE = 1_000;

export class RedisCounterHoldings implements CounterHoldings {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  async *holders(campaignId: CampaignId): AsyncGenerator<readonly Holder[]> {
    const [, users] = counterKeys(campaignId);
    let cursor = '0';
    do {
      const [next, entries] = await ask(this.#redis, (redis) => redis.hscan(users, cursor, 'COUNT', AT_ONCE));
      const page = holdersOf(entries);
      if (page.length > 0) yield page;
      cursor = next;
    } while (cursor !== '0');
  }
}

/** User and sequence, one after the other; a voided one is negative. What is neither is left out. */
function holdersOf(entries: readonly string[]): Holder[] {
  const holders: Holder[] = [];
  for (let at = 0; at < entries.length; at += 2) {
    const userId = entries[at] ?? '';
    const sequence = Number(entries[at + 1]);
    if (!isUserId(userId) || !Number.isSafeInteger(sequence) || sequence === 0) continue;
    holders.push({ userId, sequence: Math.abs(sequence), voided: sequence < 0 });
  }
  return holders;
}
