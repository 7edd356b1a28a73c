import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { counterKeys } from '../../../src/adapters/redis/counter-keys.ts';
import type { CampaignId } from '../../../src/domain/campaign-id.ts';
import { isOutage } from '../../../src/domain/outage.ts';
import type { OpeningSession } from '../../../src/domain/ports/counter-opening.ts';
import type { Incarnation } from '../../../src/domain/ports/incarnations.ts';
import { inMemoryCounterServer } from '../../contracts/issuance-counter.in-memory.ts';
import {
  type CounterProcess,
  type CounterServer,
  knowing,
  newIncarnation,
  recordOf,
} from '../../contracts/issuance-counter.subject.ts';
import { randomCampaignId } from '../../support/random.ts';
import { describeWithRedisServer, RedisServer } from '../../support/redis-server.ts';
import { CounterModel, SOME_TIME } from './counter-model.ts';
import { type Mark, type Step, steps } from './counter-steps.ts';
import { redisCounterServer } from './redis-counter-server.ts';

interface Subject extends CounterProcess {
  readonly server: CounterServer;
  readonly session: OpeningSession;
  readonly incarnation: Incarnation;
}

async function subjectOn(server: CounterServer): Promise<Subject> {
  const incarnation = newIncarnation();
  const session = await server.opening.begin();
  await session.serve(incarnation);
  return { ...(await server.process(await knowing(incarnation))), server, session, incarnation };
}

const grantOf = (campaignId: CampaignId, { user, sequence, epoch }: Mark) => ({
  campaignId,
  userId: user,
  sequence,
  epoch,
  grantedAt: 0,
});

async function take({ counter, keeper, session, server, incarnation }: Subject, id: CampaignId, step: Step) {
  switch (step.kind) {
    case 'admit':
      for (const mark of step.marks) counter.settle(grantOf(id, mark));
      return Promise.all(step.batch.map(([userId, hours]) => counter.admit(id, userId, hours)));
    case 'find':
      return counter.find(id, step.user);
    case 'standing':
      return counter.standing(id);
    case 'sample':
      return keeper.sample(id);
    case 'stale':
      return keeper.stale(id, -60_000, step.most);
    case 'confirms':
      return keeper.confirms(grantOf(id, step.mark));
    case 'clear':
      return keeper.clearMarks(
        id,
        step.marks.map((mark) => grantOf(id, mark)),
      );
    case 'mark':
      return keeper.markPending(id, step.epoch, step.holders);
    case 'void':
      return keeper.voidUser(id, step.user, step.sequence);
    case 'change':
      return keeper.change(id, recordOf(step), step.burnt, step.version);
    case 'prepare': {
      const { limit, startsAt, endsAt } = step;
      return keeper.prepare(recordOf({ id, limit, startsAt, endsAt }), step.token);
    }
    case 'open':
      return keeper.open(id, step.token);
    case 'retire':
      return keeper.retire(id, step.version);
    case 'close':
      return session.close(id, step.epoch);
    case 'replace': {
      const { limit, burnt, epoch, version, highest, holders } = step;
      const record = recordOf({ id, limit, ceiling: limit + burnt, epoch, version, openingToken: 'rebuilt' });
      return session.replace(record, highest, [holders.slice(0, 2), holders.slice(2)]);
    }
    case 'survivors':
      return session.survivors(id);
    case 'fence':
      return session.fence();
    case 'serve':
      return session.serve(incarnation);
    case 'lose':
      return server.lose(id, step.part);
  }
}

/** In no order where times decide it, for several grants share a millisecond. */
const comparable = (step: Step, reply: unknown): unknown => {
  const withoutTimes: unknown = JSON.parse(
    JSON.stringify(reply ?? null, (key, value: unknown) =>
      ['grantedAt', 'now', 'oldestPending'].includes(key) && value !== null ? SOME_TIME : value,
    ),
  );
  if (step.kind === 'stale' && Array.isArray(withoutTimes)) return withoutTimes.length;
  if (step.kind === 'survivors' && Array.isArray(withoutTimes))
    return withoutTimes.map((each) => JSON.stringify(each)).toSorted();
  if (step.kind === 'sample' && typeof reply === 'object' && reply !== null && 'pending' in reply) {
    return {
      ...reply,
      pending: [reply.pending]
        .flat()
        .map(Number)
        .toSorted((a, b) => a - b),
    };
  }
  return withoutTimes;
};

const asked = async (subject: Subject, id: CampaignId, step: Step): Promise<unknown> => {
  try {
    return comparable(step, await take(subject, id, step));
  } catch (error) {
    if (isOutage(error)) return 'Unavailable';
    throw error;
  }
};

describeWithRedisServer('the scripts of the counter', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await RedisServer.start('--appendfsync', 'no');
  });
  afterAll(() => server[Symbol.asyncDispose]());

  const keysOf = async (id: CampaignId) => {
    const [meta, users, pending] = counterKeys(id);
    const [hash, holders, marks] = await Promise.all([
      server.admin.hgetall(meta),
      server.admin.hgetall(users),
      server.admin.zrange(pending, 0, '-1'),
    ]);
    return { meta: hash, users: holders, pending: marks.toSorted() };
  };

  test('answer whatever is asked, and hold afterwards, what a model of their promises does, as the in-memory counter answers', async () => {
    await using real = await redisCounterServer(server);
    await using memory = await inMemoryCounterServer();
    const [onRedis, inMemory] = [await subjectOn(real), await subjectOn(memory)];
    const answers = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        const id = randomCampaignId();
        const model = new CounterModel(id);
        for (const each of [onRedis, inMemory]) await each.session.serve(each.incarnation);
        for (const next of all) {
          // What becomes of marks that come with the application that closes the campaign is nobody's promise.
          const step = next.kind === 'admit' && model.isBehind() ? { ...next, marks: [] } : next;
          const expected = comparable(step, model.take(step));
          expect(await asked(onRedis, id, step), JSON.stringify(step)).toEqual(expected);
          expect(await keysOf(id), JSON.stringify(step)).toEqual(model.keys());
          expect(await asked(inMemory, id, step), `in memory: ${JSON.stringify(step)}`).toEqual(expected);
          expect(model.complaints()).toEqual([]);
          for (const kind of kindsOf(expected)) answers.set(kind, (answers.get(kind) ?? 0) + 1);
        }
      }),
      { numRuns: 300, interruptAfterTimeLimit: 120_000, markInterruptAsFailure: true },
    );
    // Otherwise the steps would not have reached what they are for.
    for (const kind of [
      'granted',
      'already-granted',
      'sold-out',
      'ended',
      'not-started',
      'voided',
      'changed',
      'outdated',
    ]) {
      expect(answers.get(kind) ?? 0, kind).toBeGreaterThan(50);
    }
    for (const kind of ['closed', 'fenced', 'incomplete', 'missing', 'prepared', 'marked', 'overtaken', 'conflict']) {
      expect(answers.get(kind) ?? 0, kind).toBeGreaterThan(5);
    }
  }, 180_000);
});

const kindsOf = (reply: unknown): readonly string[] =>
  [...JSON.stringify(reply).matchAll(/"(?:kind|reason)":"([^"]+)"/g)].map(([, kind]) => kind ?? '');
