import { Redis } from 'ioredis';
import { insertCoupon, poolOf } from './coupon-table.ts';
import type { Strategy } from './strategy.ts';

/**
 * Redis counts, atomically, and only who is within the limit reaches MySQL, on the request path.
 * The key on the user is what keeps him to one coupon, and tells a second press: its number is given back then.
 */
export const redisIncr: Strategy = {
  name: 'redis-incr',
  title: 'Redis INCR, then insert',
  uniqueUsers: true,
  async open(servers) {
    const redis = new Redis(servers.redis);
    const pool = poolOf(servers.mysql);
    return async ({ id, limit }, userId) => {
      const count = `count:${id}`;
      if ((await redis.incr(count)) > limit) return 'sold-out';
      try {
        await insertCoupon(pool, id, userId);
        return 'accepted';
      } catch (error) {
        await redis.decr(count);
        if (isDuplicate(error)) return 'already';
        throw error;
      }
    };
  },
};

const isDuplicate = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ER_DUP_ENTRY';
