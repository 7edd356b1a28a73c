import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadingKey } from '../../../src/adapters/redis/counter-keys.ts';
import { RedisCounterOpening } from '../../../src/adapters/redis/redis-counter-opening.ts';
import { Unavailable } from '../../../src/domain/outage.ts';
import { parseUserId } from '../../../src/domain/user-id.ts';
import { recordOf } from '../../contracts/issuance-counter.subject.ts';
import { describeWithRedisServer, RedisServer } from '../../support/redis-server.ts';

describeWithRedisServer('RedisCounterOpening', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await RedisServer.start();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  test('does not wait for a frozen server', async () => {
    server.freeze();
    const asked = performance.now();
    await expect(new RedisCounterOpening(server.url).begin()).rejects.toBeInstanceOf(Unavailable);
    expect(performance.now() - asked).toBeLessThan(3_500);
    server.thaw();
  });

  test('leaves a campaign closed when holders are lost while they are loaded', async () => {
    const session = await new RedisCounterOpening(server.url).begin();
    const record = recordOf({ epoch: 2, limit: 20_000, ceiling: 20_000 });
    await session.close(record.id, 2);
    function* holders() {
      for (let sequence = 1; sequence <= 20_000; sequence += 1) {
        if (sequence === 12_000) void server.admin.del(loadingKey(record.id, 2));
        yield [{ userId: parseUserId(String(sequence)), sequence, voided: false }];
      }
    }
    await expect(session.replace(record, 20_000, holders())).rejects.toBeInstanceOf(Unavailable);
    expect(await session.close(record.id, 2)).toBe(true);
    await session.end();
  });
});
