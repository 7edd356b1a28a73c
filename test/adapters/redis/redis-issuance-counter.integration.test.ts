import { afterAll, beforeAll, expect, test } from 'vitest';
import { OutcomeUnknown, Unavailable } from '../../../src/domain/outage.ts';
import { grantTo, open } from '../../contracts/issuance-counter.subject.ts';
import { eventually } from '../../support/eventually.ts';
import { randomUserId } from '../../support/random.ts';
import { describeWithRedisServer, RedisServer } from '../../support/redis-server.ts';
import { startServedProcess } from './counter-on-redis.ts';
import { FaultyNetwork } from './faulty-network.ts';

describeWithRedisServer('RedisIssuanceCounter', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await RedisServer.start();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  const scriptCalls = async (): Promise<number> => {
    const [, calls = '0'] = /cmdstat_evalsha:calls=(\d+)/.exec(await server.admin.info('commandstats')) ?? [];
    return Number(calls);
  };

  test('asks for 32 users at once when a thousand apply at the same moment', async () => {
    await using process = await startServedProcess(server.url);
    const { id } = await open(process.keeper, { limit: 500 });
    const before = await scriptCalls();
    const admissions = await Promise.all(
      Array.from({ length: 1_000 }, () => process.counter.admit(id, randomUserId())),
    );
    expect(admissions.filter(({ kind }) => kind === 'granted')).toHaveLength(500);
    expect((await scriptCalls()) - before).toBe(Math.ceil(1_000 / 32));
  });

  test('sends marks with the next applications instead of by themselves', async () => {
    await using process = await startServedProcess(server.url);
    const { id } = await open(process.keeper, { limit: 500 });
    const grants = await Promise.all(Array.from({ length: 64 }, () => grantTo(process.counter, id, randomUserId())));
    const before = await scriptCalls();
    for (const grant of grants) process.counter.settle(grant);
    await process.counter.admit(id, randomUserId());
    expect(await process.counter.standing(id)).toMatchObject({ pending: 1 });
    expect((await scriptCalls()) - before).toBe(2);
  });

  test('a frozen server is an unknown outcome within the command timeout, and a retry joins the same grant', async () => {
    await using process = await startServedProcess(server.url);
    const { id } = await open(process.keeper);
    const userId = randomUserId();
    server.freeze();
    const asked = performance.now();
    await expect(process.counter.admit(id, userId)).rejects.toBeInstanceOf(OutcomeUnknown);
    expect(performance.now() - asked).toBeLessThan(900);
    server.thaw();
    await eventually(async () => expect(await process.counter.standing(id)).toMatchObject({ counter: 1, pending: 1 }));
    const again = { kind: 'already-granted', pending: true, grant: { sequence: 1 } };
    expect(await process.counter.admit(id, userId)).toMatchObject(again);
  });

  test('a connection lost while waiting is an unknown outcome, and nothing is sent without one', async () => {
    await using process = await startServedProcess(server.url);
    const { id } = await open(process.keeper);
    server.freeze();
    const waiting = process.counter.admit(id, randomUserId()).catch((error: unknown) => error);
    await new Promise(setImmediate);
    await server.kill();
    expect(await waiting).toBeInstanceOf(OutcomeUnknown);
    await expect(process.counter.admit(id, randomUserId())).rejects.toBeInstanceOf(Unavailable);
    await server.restart();
    await eventually(async () => expect(await process.counter.standing(id)).toMatchObject({ reason: 'fenced' }));
  });

  test('a command whose answer was lost is not sent again on the next connection', async () => {
    await using network = await FaultyNetwork.to(server.port);
    await using process = await startServedProcess(network.url);
    const { id } = await open(process.keeper);
    const before = await scriptCalls();
    await network.suffer('replies-lost');
    const lost = process.counter.admit(id, randomUserId()).catch((error: unknown) => error);
    await eventually(async () => expect(await scriptCalls()).toBe(before + 1));
    await network.recover();
    expect(await lost).toBeInstanceOf(OutcomeUnknown);
    await eventually(async () => expect(await process.counter.standing(id)).toMatchObject({ counter: 1 }));
    expect(await scriptCalls()).toBe(before + 2);
  });

  test('what the server refuses for want of memory leaves nothing behind', async () => {
    await using process = await startServedProcess(server.url);
    const { id } = await open(process.keeper);
    const grant = await grantTo(process.counter, id, randomUserId());
    await server.admin.config('SET', 'maxmemory', '1');
    process.counter.settle(grant);
    await expect(process.counter.admit(id, randomUserId())).rejects.toBeInstanceOf(Unavailable);
    await server.admin.config('SET', 'maxmemory', '0');
    expect(await process.counter.standing(id)).toMatchObject({ counter: 1, pending: 1 });
    expect(await process.counter.admit(id, grant.userId)).toMatchObject({ grant: { sequence: 1 }, pending: true });
  });
});
