import { afterAll, beforeAll } from 'vitest';
import { redisCounterServer } from '../adapters/redis/redis-counter-server.ts';
import { RedisServer } from '../support/redis-server.ts';
import { describeWithServices } from '../support/services.ts';
import { issuanceCounterContract } from './issuance-counter.contract.ts';

describeWithServices('on Redis', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await RedisServer.start();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  issuanceCounterContract('on Redis', () => redisCounterServer(server));
});
