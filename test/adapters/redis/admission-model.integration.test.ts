import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CampaignId } from '../../../src/domain/campaign-id.ts';
import type { OpeningHours } from '../../../src/domain/ports/issuance-counter.ts';
import { parseUserId } from '../../../src/domain/user-id.ts';
import { inMemoryCounterServer } from '../../contracts/issuance-counter.in-memory.ts';
import { type CounterProcess, open, recordOf, serve } from '../../contracts/issuance-counter.subject.ts';
import { describeWithRedisServer, RedisServer } from '../../support/redis-server.ts';
import { redisCounterServer } from './redis-counter-server.ts';

const user = fc.constantFrom(
  ...['1', '2', '3', '4', '5', '9223372036854775806', '9223372036854775807'].map(parseUserId),
);
const hours = fc.constantFrom<OpeningHours>('respected', 'any-time');
const time = fc.constantFrom(null, 1_000, 4_000_000_000_000);
const small = fc.integer({ min: 1, max: 6 });

const step = fc.oneof(
  fc.record({
    kind: fc.constant('admit' as const),
    batch: fc.array(fc.tuple(user, hours), { minLength: 1, maxLength: 40 }),
  }),
  fc.record({ kind: fc.constant('settle' as const), user, sequence: small, epoch: fc.constantFrom(1, 1, 1, 2) }),
  fc.record({
    kind: fc.constant('change' as const),
    limit: small,
    burnt: fc.nat(1),
    version: small,
    startsAt: time,
    endsAt: time,
  }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const take = async ({ counter, keeper }: CounterProcess, id: CampaignId, next: Step): Promise<unknown> => {
  switch (next.kind) {
    case 'admit':
      return Promise.all(next.batch.map(([userId, when]) => counter.admit(id, userId, when)));
    case 'settle':
      counter.settle({ campaignId: id, userId: next.user, sequence: next.sequence, epoch: next.epoch, grantedAt: 0 });
      return counter.admit(id, next.user);
    case 'change':
      return keeper.change(id, recordOf(next), next.burnt, next.version);
  }
};

/** Two servers, two clocks. */
const withoutTimes = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (key, each) => (key === 'grantedAt' || key === 'now' ? 'some time' : each)));

describeWithRedisServer('the admission script', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await RedisServer.start('--appendfsync', 'no');
  });
  afterAll(() => server[Symbol.asyncDispose]());

  test('decides whatever comes as the in-memory counter does', async () => {
    await using real = await redisCounterServer(server);
    await using model = await inMemoryCounterServer();
    const [onRedis, inMemory] = [await serve(real), await serve(model)];
    await fc.assert(
      fc.asyncProperty(small, fc.array(step, { maxLength: 15 }), async (limit, steps) => {
        const { id } = await open(onRedis.keeper, { limit });
        await open(inMemory.keeper, { id, limit });
        for (const next of steps) {
          const [found, expected] = [await take(onRedis, id, next), await take(inMemory, id, next)];
          expect(withoutTimes(found)).toEqual(withoutTimes(expected));
        }
        const [found, expected] = [await onRedis.counter.standing(id), await inMemory.counter.standing(id)];
        expect(withoutTimes(found)).toEqual(withoutTimes(expected));
      }),
      { numRuns: 200 },
    );
  });
});
