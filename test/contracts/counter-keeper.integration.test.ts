import { afterAll, beforeAll } from 'vitest';
import { redisCounterServer } from '../adapters/redis/redis-counter-server.ts';
import { describeWithRedisServer, RedisServer } from '../support/redis-server.ts';
import { counterKeeperContract } from './counter-keeper.contract.ts';

describeWithRedisServer('on Redis', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await RedisServer.start();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  counterKeeperContract('on Redis', () => redisCounterServer(server));
});
