import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { countThenInsert } from './count-then-insert.ts';
import type { Campaign, Strategy } from './strategy.ts';

/** As in most published examples: long beside the milliseconds of the work, short beside the patience of a user. */
const LEASE = 3_000;
const WAIT = 10_000;
const ASK_AGAIN_AFTER = 50;

const RELEASE = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0";

/** A key that only one can set. It expires, because its holder may die; only its holder may delete it. */
export const redisLock: Strategy = {
  name: 'redis-lock',
  title: 'Redis lock',
  uniqueUsers: false,
  async open(servers) {
    const redis = new Redis(servers.redis);
    const apply = await countThenInsert.open(servers);
    return (campaign, userId) => locked(redis, lockOf(campaign), () => apply(campaign, userId));
  },
};

export const lockOf = ({ id }: Campaign): string => `lock:${id}`;

async function locked<T>(redis: Redis, key: string, work: () => Promise<T>): Promise<T> {
  const token = `${process.pid}:${randomUUID()}`;
  const deadline = performance.now() + WAIT;
  while ((await redis.set(key, token, 'PX', LEASE, 'NX')) === null) {
    if (performance.now() > deadline) throw new Error(`the lock was not free for ${WAIT} ms`);
    await sleep(ASK_AGAIN_AFTER * (0.5 + Math.random()));
  }
  try {
    return await work();
  } finally {
    await redis.eval(RELEASE, 1, key, token);
  }
}
