import { setTimeout as sleep } from 'node:timers/promises';
import { counterKeys } from '../../../src/adapters/redis/counter-keys.ts';
import { LARGEST_LIMIT } from '../../../src/domain/campaign.ts';
import type { Installation } from '../../support/installation.ts';
import { BenchCounter } from '../counter/bench-counter.ts';
import { grantInBulk } from '../counter/grant-in-bulk.ts';
import { retireCampaigns } from '../retire-campaigns.ts';

const LOOK_EVERY = 500;
const MOST_LOOKS = 60;
/** What buffers and clients make of it from one moment to the next. */
const STEADY = 0.001;

/** Bytes of Redis for each user of a campaign who was granted a coupon and whose event is in Kafka. */
export async function redisBytesPerUser(installation: Installation, users: number): Promise<number> {
  using counter = await BenchCounter.connect(installation);
  const id = await counter.newCampaign(LARGEST_LIMIT);
  // What earlier suites left would be removed in between.
  await retireCampaigns(installation, []);
  const before = await steadyMemory(installation);
  await grantInBulk(counter, id, users);
  const after = await steadyMemory(installation);
  const [, usersKey] = counterKeys(id);
  const held = await installation.stores.redis.hlen(usersKey);
  if (held !== users) throw new Error(`Redis holds ${held} of ${users} users`);
  await counter.remove(id);
  return (after - before) / users;
}

/** Waits while Redis moves a table that has outgrown itself: it holds both until then. */
async function steadyMemory({ stores }: Installation): Promise<number> {
  const used = async (): Promise<number> =>
    Number(/^used_memory:(\d+)/m.exec(await stores.redis.info('memory'))?.[1] ?? Number.NaN);
  let last = await used();
  for (let look = 0; look < MOST_LOOKS; look += 1) {
    await sleep(LOOK_EVERY);
    const now = await used();
    if (Math.abs(now - last) <= STEADY * last) return now;
    last = now;
  }
  throw new Error('the memory of Redis does not come to rest');
}
