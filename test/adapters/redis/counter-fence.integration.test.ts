import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { counterKeys } from '../../../src/adapters/redis/counter-keys.ts';
import { NUMBER_FIELDS, TEXT_FIELDS, TIME_FIELDS } from '../../../src/adapters/redis/counter-meta.ts';
import { RedisCounterOpening } from '../../../src/adapters/redis/redis-counter-opening.ts';
import type { CampaignId } from '../../../src/domain/campaign-id.ts';
import type { Grant } from '../../../src/domain/grant.ts';
import { grantTo, open, recordOf } from '../../contracts/issuance-counter.subject.ts';
import { eventually } from '../../support/eventually.ts';
import { randomUserId } from '../../support/random.ts';
import { describeWithRedisServer, RedisServer } from '../../support/redis-server.ts';
import { type RedisProcess, startProcess, startServedProcess } from './counter-on-redis.ts';

interface StartedCampaign extends RedisProcess {
  readonly id: CampaignId;
  readonly settled: Grant;
  readonly pending: Grant;
}

const expectUnknown = async ({ counter, keeper, id, settled, pending }: StartedCampaign): Promise<void> => {
  const unknown = expect.objectContaining({ kind: 'unknown' });
  for (const userId of [randomUserId(), settled.userId, pending.userId]) {
    expect(await counter.admit(id, userId)).toEqual(unknown);
    expect(await counter.admit(id, userId, 'any-time')).toEqual(unknown);
    expect(await counter.find(id, userId)).toEqual(unknown);
  }
  expect(await counter.standing(id)).toEqual(unknown);
  expect(await keeper.sample(id)).toEqual(unknown);
  expect(await keeper.change(id, recordOf({ limit: 99 }), 0, 99)).toEqual(unknown);
  expect(await keeper.stale(id, -1, 99)).toEqual([]);
  expect(await keeper.confirms({ ...settled, userId: randomUserId() })).toBe('unknown');
  expect(await keeper.confirms(settled)).not.toBe('not-granted');
  expect(await keeper.open(id, 'token').catch(() => false)).toBe(false);
};

describeWithRedisServer('a counter of which something is lost', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await RedisServer.start();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  /** One grant that is settled and one that is pending, of ten. */
  const start = async (): Promise<StartedCampaign> => {
    const process = await startServedProcess(server.url);
    const { id } = await open(process.keeper, { limit: 10, startsAt: 1, endsAt: 4_000_000_000_000 });
    const settled = await grantTo(process.counter, id, randomUserId());
    const pending = await grantTo(process.counter, id, randomUserId());
    process.counter.settle(settled);
    await eventually(async () => expect(await process.counter.standing(id)).toMatchObject({ pending: 1 }));
    return { ...process, id, settled, pending };
  };

  type Damage = (keys: readonly [string, string, string], grants: readonly Grant[]) => Promise<unknown>;
  const damages: [string, Damage][] = [
    ['the server started again with all its data', () => server.restart()],
    ['the server started again empty', () => server.restartEmpty()],
    ['FLUSHALL', () => server.admin.flushall()],
    ['SCRIPT FLUSH', () => server.admin.script('FLUSH')],
    ['DEL of meta', ([meta]) => server.admin.del(meta)],
    ['DEL of users', ([, users]) => server.admin.del(users)],
    ['DEL of pending', ([, , pending]) => server.admin.del(pending)],
    ['DEL of users and pending', ([, ...rest]) => server.admin.del(...rest)],
    ['a meta of a wrong type', ([meta]) => server.admin.set(meta, 'text')],
    ['users of a wrong type', ([, users]) => server.admin.set(users, 'text')],
    ['pending of a wrong type', ([, , pending]) => server.admin.set(pending, 'text')],
    ['HDEL of the user who is settled', ([, users], [settled]) => server.admin.hdel(users, settled?.userId ?? '')],
    ['HDEL of the user who is pending', ([, users], [, pending]) => server.admin.hdel(users, pending?.userId ?? '')],
    ['ZREM of the pending user', ([, , key], [, pending]) => server.admin.zrem(key, pending?.userId ?? '')],
    ['a counter set back', ([meta]) => server.admin.hset(meta, 'counter', 1)],
    ...[...TEXT_FIELDS, ...NUMBER_FIELDS, ...TIME_FIELDS].map((field): [string, Damage] => [
      `HDEL of ${field}`,
      ([meta]) => server.admin.hdel(meta, field),
    ]),
    ...['state', ...NUMBER_FIELDS, ...TIME_FIELDS].map((field): [string, Damage] => [
      `nonsense in ${field}`,
      ([meta]) => server.admin.hset(meta, field, '1x'),
    ]),
  ];

  test.each(damages)('grants nothing and answers unknown after %s', async (_, damage) => {
    await using campaign = await start();
    const { counter, id, settled, pending } = campaign;
    await damage(counterKeys(id), [settled, pending]);
    await eventually(() => counter.standing(id));
    const before = await server.admin.dump(counterKeys(id)[1]);
    await expectUnknown(campaign);
    expect(await server.admin.dump(counterKeys(id)[1])).toEqual(before);
  });

  describe('that is opened again', () => {
    test('serves the new incarnation after a restart, and an old process still gets nothing', async () => {
      await using old = await start();
      const { id, settled, pending } = old;
      await server.restart();
      const incarnation = { ...old.incarnation, number: 2 };
      const session = await new RedisCounterOpening(server.url).begin();
      expect(await session.isServing(old.incarnation)).toBe(false);
      await session.fence();
      await session.close(id, 2);
      await session.serve(incarnation);
      expect(await session.survivors(id)).toEqual([pending]);
      const holders = [settled, pending].map(({ userId, sequence }) => ({ userId, sequence, voided: false }));
      expect(await session.replace(recordOf({ id, epoch: 2, version: 2 }), 2, [holders])).toBe(true);
      await session.end();

      await using informed = await startProcess(server.url, incarnation);
      expect(await grantTo(informed.counter, id, randomUserId())).toMatchObject({ sequence: 3, epoch: 2 });
      await eventually(() => old.counter.standing(id));
      await expectUnknown(old);
      expect(await informed.counter.standing(id)).toMatchObject({ counter: 3, version: 2 });
    });

    test('leaves no key behind, whatever an earlier rebuild left', async () => {
      await using campaign = await start();
      const { id } = campaign;
      const [meta, users] = counterKeys(id);
      const session = await new RedisCounterOpening(server.url).begin();
      await session.close(id, 2);
      for (const epoch of [2, 3]) await server.admin.hset(`${users}:${epoch}`, '77', '1');
      await session.close(id, 3);
      expect(await server.admin.exists(`${users}:2`)).toBe(0);
      const holders = [{ userId: randomUserId(), sequence: 1, voided: false }];
      expect(await session.replace(recordOf({ id, epoch: 2 }), 1, [holders])).toBe(false);
      expect(await session.replace(recordOf({ id, epoch: 3 }), 1, [holders])).toBe(true);
      await session.end();
      expect(new Set(await server.admin.keys(`coupon:{${id}}:*`))).toEqual(new Set([meta, users]));
      expect(await server.admin.hgetall(users)).toEqual({ [holders[0]?.userId ?? '']: '1' });
    });

    test.each([0, 1, 2])('closes what is of a wrong type (key %i)', async (index) => {
      await using campaign = await start();
      const { id } = campaign;
      await server.admin.set(counterKeys(id)[index] ?? '', 'text');
      const session = await new RedisCounterOpening(server.url).begin();
      expect(await session.close(id, 2)).toBe(true);
      expect(await session.survivors(id)).toEqual([]);
      expect(await session.replace(recordOf({ id, epoch: 2 }), 0, [])).toBe(true);
      await session.end();
      expect(await grantTo(campaign.counter, id, randomUserId())).toMatchObject({ sequence: 1, epoch: 2 });
    });
  });
});
