import type { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { connectRedis } from '../../../src/adapters/redis/redis-connection.ts';
import { RedisCounterOpening } from '../../../src/adapters/redis/redis-counter-opening.ts';
import { RedisProbe } from '../../../src/adapters/redis/redis-probe.ts';
import { KnownIncarnation } from '../../../src/application/known-incarnation.ts';
import { knowing, newIncarnation } from '../../contracts/issuance-counter.subject.ts';
import { eventually } from '../../support/eventually.ts';
import { describeWithRedisServer, RedisServer } from '../../support/redis-server.ts';

describeWithRedisServer('RedisProbe', () => {
  let server: RedisServer;
  let redis: Redis;
  const incarnation = newIncarnation();

  const connect = async (url: string): Promise<Redis> => {
    redis = connectRedis(url, () => undefined);
    await eventually(() => redis.ping());
    return redis;
  };
  const serve = async () => {
    const session = await new RedisCounterOpening(server.url).begin();
    await session.serve(incarnation);
    await session.end();
  };

  beforeAll(async () => {
    server = await RedisServer.start();
  });
  afterEach(() => redis.disconnect());
  afterAll(() => server[Symbol.asyncDispose]());

  test('is ready when the counter is open and the settings are durable', async () => {
    const probe = new RedisProbe(await connect(server.url), await knowing(incarnation));
    await serve();
    expect(await probe.check()).toEqual({ status: 'ready' });
  });

  test('is unavailable while the counter is not open, and learns of a new incarnation by itself', async () => {
    await serve();
    const known = new KnownIncarnation(
      { current: async () => incarnation, raise: () => Promise.reject(new Error('not asked')) },
      { now: () => Date.now(), monotonic: () => performance.now() },
    );
    const probe = new RedisProbe(await connect(server.url), known);
    const closed = { status: 'unavailable', detail: expect.stringContaining('the counter is not open yet: ') };
    expect(await probe.check()).toEqual(closed);
    await eventually(async () => expect(await probe.check()).toEqual({ status: 'ready' }));
    await server.admin.script('FLUSH');
    expect(await probe.check()).toEqual(closed);
  });

  test.each([
    ['appendfsync', 'everysec', 'always'],
    ['appendonly', 'no', 'yes'],
    ['maxmemory-policy', 'allkeys-lru', 'noeviction'],
  ])('is unavailable when %s is %s, and says what would be right', async (name, wrong, right) => {
    await serve();
    const probe = new RedisProbe(await connect(server.url), await knowing(incarnation));
    await server.admin.config('SET', name, wrong);
    const detail = `settings of Redis: ${name} is ${wrong}, must be ${right}`;
    expect(await probe.check()).toEqual({ status: 'unavailable', detail });
    await server.admin.config('SET', name, right);
    expect(await probe.check()).toEqual({ status: 'ready' });
  });

  test('is degraded where the settings may not be read', async () => {
    await serve();
    await server.admin.acl('SETUSER', 'limited', 'on', '>secret', '~*', '+@all', '-config');
    const limited = server.url.replace('//', '//limited:secret@');
    const probe = new RedisProbe(await connect(limited), await knowing(incarnation));
    const detail = expect.stringContaining('could not be read');
    expect(await probe.check()).toEqual({ status: 'degraded', detail });
  });

  test('is unavailable when the server is away', async () => {
    const probe = new RedisProbe(await connect(server.url), await knowing(incarnation));
    await server.kill();
    await eventually(async () =>
      expect(await probe.check()).toEqual({ status: 'unavailable', detail: expect.stringContaining('not connected') }),
    );
    await server.restart();
  });
});
