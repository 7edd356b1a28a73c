import type { Redis } from 'ioredis';
import { counterKeys } from '../../../src/adapters/redis/counter-keys.ts';
import { connectRedis } from '../../../src/adapters/redis/redis-connection.ts';
import { RedisCounterHoldings } from '../../../src/adapters/redis/redis-counter-holdings.ts';
import { RedisCounterKeeper } from '../../../src/adapters/redis/redis-counter-keeper.ts';
import { RedisCounterOpening } from '../../../src/adapters/redis/redis-counter-opening.ts';
import { RedisIssuanceCounter } from '../../../src/adapters/redis/redis-issuance-counter.ts';
import type { CounterServer } from '../../contracts/issuance-counter.subject.ts';
import { eventually } from '../../support/eventually.ts';
import type { RedisServer } from '../../support/redis-server.ts';
import { FaultyNetwork } from './faulty-network.ts';

const PARTS = ['meta', 'users', 'pending'] as const;

/** The counter on a Redis server, seen through a network of its own. */
export async function redisCounterServer(server: RedisServer): Promise<CounterServer> {
  const network = await FaultyNetwork.to(server.port);
  const clients: Redis[] = [];
  const allAre = (ready: boolean) =>
    eventually(() => {
      if (clients.some(({ status }) => (status === 'ready') !== ready)) throw new Error(`ready is not ${ready}`);
    });
  return {
    opening: new RedisCounterOpening(network.url),
    async process(known) {
      const redis = connectRedis(network.url, () => undefined);
      clients.push(redis);
      await allAre(true);
      return {
        counter: new RedisIssuanceCounter(redis, known),
        keeper: new RedisCounterKeeper(redis, known),
        holdings: new RedisCounterHoldings(redis),
      };
    },
    async replace() {
      await server.restart();
      await allAre(true);
    },
    async lose(campaignId, part) {
      const key = counterKeys(campaignId)[PARTS.indexOf(part)];
      if (key !== undefined) await server.admin.del(key);
    },
    async suffer(fault) {
      await network.suffer(fault);
      if (fault === 'away') await allAre(false);
    },
    async recover() {
      await network.recover();
      await allAre(true);
    },
    async [Symbol.asyncDispose]() {
      for (const client of clients) client.disconnect();
      await network[Symbol.asyncDispose]();
    },
  };
}
