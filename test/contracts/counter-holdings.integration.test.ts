import { afterAll, beforeAll } from 'vitest';
import { redisCounterServer } from '../adapters/redis/redis-counter-server.ts';
import { describeWithRedisServer, RedisServer } from '../support/redis-server.ts';
import { counterHoldingsContract } from './counter-holdings.contract.ts';

describeWithRedisServer('on Redis', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await RedisServer.start();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  counterHoldingsContract('on Redis', () => redisCounterServer(server));
});
