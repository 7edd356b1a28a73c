import { describe, expect, test } from 'vitest';
import { OutcomeUnknown, Unavailable } from '../../src/domain/outage.ts';
import { LARGEST_USER_ID, parseUserId } from '../../src/domain/user-id.ts';
import { eventually } from '../support/eventually.ts';
import { randomCampaignId, randomUserId } from '../support/random.ts';
import { type CounterServer, grantTo, open, recordOf, serve } from './issuance-counter.subject.ts';

const HOUR = 3_600_000;

export function issuanceCounterContract(name: string, make: () => Promise<CounterServer>): void {
  describe(`IssuanceCounter, ${name}`, () => {
    test('takes one slot for one user and marks the grant pending in one step', async () => {
      await using server = await make();
      const { counter, keeper } = await serve(server);
      const { id } = await open(keeper);
      const userId = parseUserId(LARGEST_USER_ID);
      const grant = await grantTo(counter, id, userId);
      expect(grant).toEqual({ campaignId: id, userId, sequence: 1, epoch: 1, grantedAt: expect.any(Number) });
      expect(await counter.find(id, userId)).toEqual({ kind: 'pending', grant });
      expect(await counter.standing(id)).toMatchObject({ counter: 1, pending: 1 });
    });

    test('grants exactly the limit, and each user once, when many callers race and each asks twice', async () => {
      await using server = await make();
      const [one, other] = [await serve(server), await serve(server)];
      const { id } = await open(one.keeper, { limit: 100 });
      const users = Array.from({ length: 300 }, randomUserId);
      const callers = [one, other].flatMap(({ counter }) => users.map((user) => counter.admit(id, user)));
      const admissions = await Promise.all(callers);
      const granted = admissions.filter((each) => each.kind === 'granted').map(({ grant }) => grant);
      expect(granted.map(({ sequence }) => sequence).toSorted((a, b) => a - b)).toEqual(
        Array.from({ length: 100 }, (_, index) => index + 1),
      );
      expect(new Set(granted.map(({ userId }) => userId)).size).toBe(100);
      const again = admissions.filter((each) => each.kind === 'already-granted').map(({ grant }) => grant);
      expect(new Set(again.map((grant) => JSON.stringify(grant)))).toEqual(
        new Set(granted.map((grant) => JSON.stringify(grant))),
      );
      expect(admissions.filter(({ kind }) => kind === 'sold-out')).toHaveLength(400);
    });

    test('a user who asks again is told the same sequence, even after the campaign sold out or ended', async () => {
      await using server = await make();
      const { counter, keeper } = await serve(server);
      const record = await open(keeper, { limit: 1 });
      const userId = randomUserId();
      const grant = await grantTo(counter, record.id, userId);
      expect(await counter.admit(record.id, randomUserId())).toEqual({ kind: 'sold-out' });
      const again = { kind: 'already-granted', grant, pending: true };
      expect(await counter.admit(record.id, userId)).toEqual(again);
      await keeper.change(record.id, { ...record, endsAt: grant.grantedAt - HOUR }, 0, 2);
      expect(await counter.admit(record.id, randomUserId())).toEqual({ kind: 'ended' });
      expect(await counter.admit(record.id, userId)).toEqual(again);
    });

    test('sequences rise by one in the order of the decisions', async () => {
      await using server = await make();
      const { counter, keeper } = await serve(server);
      const { id } = await open(keeper, { limit: 100 });
      const users = Array.from({ length: 100 }, randomUserId);
      const grants = await Promise.all(users.map((user) => grantTo(counter, id, user)));
      expect(grants.map(({ userId, sequence }) => [userId, sequence])).toEqual(users.map((user, i) => [user, i + 1]));
    });

    test('a grant asked for again says whether it is still pending', async () => {
      await using server = await make();
      const { counter, keeper } = await serve(server);
      const { id } = await open(keeper);
      const userId = randomUserId();
      const grant = await grantTo(counter, id, userId);
      expect(await counter.admit(id, userId)).toEqual({ kind: 'already-granted', grant, pending: true });
      counter.settle(grant);
      await eventually(async () => {
        const { sequence, epoch } = grant;
        const settled = { kind: 'already-granted', pending: false, grant: { sequence, epoch, userId } };
        expect(await counter.admit(id, userId)).toMatchObject(settled);
      });
    });

    test('campaigns do not affect each other', async () => {
      await using server = await make();
      const { counter, keeper } = await serve(server);
      const [one, other] = [await open(keeper, { limit: 1 }), await open(keeper, { limit: 1 })];
      const userId = randomUserId();
      const [first, second] = await Promise.all([one, other].map(({ id }) => grantTo(counter, id, userId)));
      expect([first?.sequence, second?.sequence]).toEqual([1, 1]);
      expect([first?.campaignId, second?.campaignId]).toEqual([one.id, other.id]);
    });

    test('a campaign never opened is unknown, never sold out', async () => {
      await using server = await make();
      const { counter, keeper } = await serve(server);
      const missing = { kind: 'unknown', reason: 'missing' };
      expect(await counter.admit(randomCampaignId(), randomUserId())).toEqual(missing);
      const record = recordOf();
      await keeper.prepare(record, 'token');
      const prepared = { kind: 'unknown', reason: 'prepared' };
      expect(await counter.admit(record.id, randomUserId())).toEqual(prepared);
      expect(await counter.find(record.id, randomUserId())).toEqual(prepared);
    });

    test('one of which the counter has lost a part is unknown, and grants nothing', async () => {
      await using server = await make();
      const { counter, keeper } = await serve(server);
      for (const [part, reason] of [
        ['meta', 'missing'],
        ['users', 'incomplete'],
        ['pending', 'incomplete'],
      ] as const) {
        const { id } = await open(keeper);
        const { userId } = await grantTo(counter, id, randomUserId());
        await server.lose(id, part);
        expect(await counter.admit(id, randomUserId())).toEqual({ kind: 'unknown', reason });
        expect(await counter.admit(id, userId)).toEqual({ kind: 'unknown', reason });
        expect(await counter.find(id, userId)).toEqual({ kind: 'unknown', reason });
      }
    });

    test('one that stands before what this process has seen of it is closed, until it is rebuilt', async () => {
      await using server = await make();
      const { counter } = await serve(server);
      const record = recordOf({ epoch: 2, ceiling: 9, limit: 9 });
      const session = await server.opening.begin();
      /** What an older copy is to a server that keeps its scripts. */
      const standAt = async (epoch: number, highest: number) => {
        await server.lose(record.id, 'meta');
        await session.close(record.id, epoch);
        const holders = Array.from({ length: highest }, (_, index) => ({
          userId: randomUserId(),
          sequence: index + 1,
          voided: false,
        }));
        expect(await session.replace({ ...record, epoch }, highest, [holders])).toBe(true);
      };
      await standAt(2, 2);
      expect(await grantTo(counter, record.id, randomUserId())).toMatchObject({ sequence: 3, epoch: 2 });
      for (const [epoch, highest] of [
        [2, 2],
        [1, 8],
      ] as const) {
        await standAt(epoch, highest);
        expect(await counter.admit(record.id, randomUserId())).toEqual({ kind: 'unknown', reason: 'closed' });
        expect(await counter.standing(record.id)).toEqual({ kind: 'unknown', reason: 'closed' });
      }
      await standAt(2, 3);
      expect(await grantTo(counter, record.id, randomUserId())).toMatchObject({ sequence: 4 });
      await standAt(3, 0);
      expect(await grantTo(counter, record.id, randomUserId())).toMatchObject({ sequence: 1, epoch: 3 });
      await session.end();
    });

    test('what a standing says is seen too: one that stands before that is incomplete, and an application closes it', async () => {
      await using server = await make();
      const { counter } = await serve(server);
      const record = recordOf({ epoch: 2 });
      const session = await server.opening.begin();
      /** The user holds the sequence, and no other is used above it. */
      const standAt = async (sequence: number) => {
        await server.lose(record.id, 'meta');
        await session.close(record.id, 2);
        const holders = [{ userId: randomUserId(), sequence, voided: false }];
        expect(await session.replace(record, sequence, [holders])).toBe(true);
      };
      await standAt(2);
      expect(await counter.standing(record.id)).toMatchObject({ kind: 'open', counter: 2 });
      await standAt(1);
      expect(await counter.standing(record.id)).toEqual({ kind: 'unknown', reason: 'incomplete' });
      expect(await counter.admit(record.id, randomUserId())).toEqual({ kind: 'unknown', reason: 'closed' });
      expect(await counter.standing(record.id)).toEqual({ kind: 'unknown', reason: 'closed' });
      await session.end();
    });

    test('nothing is granted before the opening time or from the closing time on', async () => {
      await using server = await make();
      const { counter, keeper } = await serve(server);
      const record = await open(keeper);
      const { now } = { now: 0, ...(await counter.standing(record.id)) };
      await keeper.change(record.id, { ...record, startsAt: now + HOUR }, 0, 2);
      const early = { kind: 'not-started', startsAt: now + HOUR, now: expect.any(Number) };
      expect(await counter.admit(record.id, randomUserId())).toEqual(early);
      await keeper.change(record.id, { ...record, startsAt: now - HOUR, endsAt: now }, 0, 3);
      expect(await counter.admit(record.id, randomUserId())).toEqual({ kind: 'ended' });
      await keeper.change(record.id, { ...record, startsAt: now - HOUR, endsAt: now + HOUR }, 0, 4);
      expect(await counter.admit(record.id, randomUserId())).toMatchObject({ grant: { sequence: 1 } });
    });

    test('opening hours do not stop an admission at any time, the ceiling does', async () => {
      await using server = await make();
      const { counter, keeper } = await serve(server);
      const { id } = await open(keeper, { limit: 1, endsAt: 1 });
      expect(await counter.admit(id, randomUserId(), 'respected')).toEqual({ kind: 'ended' });
      const mixed = [counter.admit(id, randomUserId(), 'any-time'), counter.admit(id, randomUserId())];
      expect((await Promise.all(mixed)).map(({ kind }) => kind)).toEqual(['granted', 'ended']);
      expect(await counter.admit(id, randomUserId(), 'any-time')).toEqual({ kind: 'sold-out' });
    });

    test('a voided user is told so', async () => {
      await using server = await make();
      const { counter, keeper } = await serve(server);
      const { id } = await open(keeper);
      const userId = randomUserId();
      const session = await server.opening.begin();
      await session.close(id, 2);
      await session.replace(recordOf({ id, epoch: 2, ceiling: 4 }), 2, [[{ userId, sequence: 2, voided: true }]]);
      await session.end();
      expect(await counter.admit(id, userId)).toEqual({ kind: 'voided' });
      expect(await counter.find(id, userId)).toEqual({ kind: 'voided', sequence: 2 });
    });

    test('a settled grant is no longer pending', async () => {
      await using server = await make();
      const { counter, keeper } = await serve(server);
      const { id } = await open(keeper, { limit: 300 });
      const users = Array.from({ length: 300 }, randomUserId);
      const grants = await Promise.all(users.map((user) => grantTo(counter, id, user)));
      for (const grant of grants) counter.settle(grant);
      for (const grant of grants) counter.settle(grant);
      await eventually(
        async () => expect(await counter.standing(id)).toMatchObject({ counter: 300, pending: 0 }),
        1_000,
      );
      const held = await Promise.all(users.map((user) => counter.find(id, user)));
      expect(held).toEqual(grants.map(({ sequence, epoch }) => ({ kind: 'granted', sequence, epoch })));
    });

    test('whoever settled a grant finds it granted from then on', async () => {
      await using server = await make();
      const { counter, keeper } = await serve(server);
      const { id } = await open(keeper, { limit: 300 });
      const users = Array.from({ length: 300 }, randomUserId);
      const grants = await Promise.all(users.map((user) => grantTo(counter, id, user)));
      for (const grant of grants) counter.settle(grant);
      const last = users.at(-1) ?? randomUserId();
      expect(await counter.find(id, last)).toEqual({ kind: 'granted', sequence: 300, epoch: 1 });
    });

    test('a mark is cleared only where sequence and epoch match', async () => {
      await using server = await make();
      const { counter, keeper } = await serve(server);
      const { id } = await open(keeper);
      const [wrong, right] = [randomUserId(), randomUserId()];
      const grant = await grantTo(counter, id, wrong);
      const marker = await grantTo(counter, id, right);
      counter.settle({ ...grant, sequence: 2 });
      counter.settle({ ...grant, epoch: 2 });
      counter.settle({ ...grant, userId: randomUserId() });
      counter.settle(marker);
      await eventually(async () => expect(await counter.find(id, right)).toMatchObject({ kind: 'granted' }), 1_000);
      expect(await counter.find(id, wrong)).toEqual({ kind: 'pending', grant });
    });

    test('a mark that is lost on the way is harmless', async () => {
      await using server = await make();
      const { counter, keeper } = await serve(server);
      const { id } = await open(keeper);
      const userId = randomUserId();
      const grant = await grantTo(counter, id, userId);
      await server.suffer('away');
      counter.settle(grant);
      await expect(counter.standing(id)).rejects.toBeInstanceOf(Unavailable);
      await server.recover();
      const again = { kind: 'already-granted', grant: { userId, sequence: 1 } };
      expect(await counter.admit(id, userId)).toMatchObject(again);
      counter.settle(grant);
      await eventually(async () => expect(await counter.find(id, userId)).toMatchObject({ kind: 'granted' }));
    });

    test('a user who never applied holds none, a pending one his grant, a settled one his sequence', async () => {
      await using server = await make();
      const { counter, keeper } = await serve(server);
      const { id } = await open(keeper);
      expect(await counter.find(id, randomUserId())).toEqual({ kind: 'none' });
      const grant = await grantTo(counter, id, randomUserId());
      expect(await counter.find(id, grant.userId)).toEqual({ kind: 'pending', grant });
      counter.settle(grant);
      expect(await counter.find(id, grant.userId)).toEqual({ kind: 'granted', sequence: 1, epoch: 1 });
    });

    test('the standing is limit, ceiling, counter, pending grants and the time of the oldest, opening hours, epoch, version and clock', async () => {
      await using server = await make();
      const { counter, keeper } = await serve(server);
      const shown = {
        limit: 5,
        ceiling: 7,
        epoch: 3,
        version: 4,
        startsAt: 1_790_000_000_001,
        endsAt: 4_000_000_000_002,
      };
      const { id } = await open(keeper, { ...shown, name: 'Shown' });
      const oldest = await grantTo(counter, id, randomUserId(), 'any-time');
      await counter.admit(id, randomUserId(), 'any-time');
      const now = expect.any(Number);
      expect(await counter.standing(id)).toEqual({
        kind: 'open',
        name: 'Shown',
        ...shown,
        counter: 2,
        pending: 2,
        oldestPending: oldest.grantedAt,
        now,
      });
    });

    test('the standing of a campaign never opened is unknown', async () => {
      await using server = await make();
      const { counter } = await serve(server);
      expect(await counter.standing(randomCampaignId())).toEqual({ kind: 'unknown', reason: 'missing' });
    });

    test('rejects with Unavailable when it was not asked', async () => {
      await using server = await make();
      const { counter, keeper } = await serve(server);
      const { id } = await open(keeper);
      await server.suffer('away');
      await expect(counter.admit(id, randomUserId())).rejects.toBeInstanceOf(Unavailable);
      await expect(counter.find(id, randomUserId())).rejects.toBeInstanceOf(Unavailable);
      await expect(keeper.sample(id)).rejects.toBeInstanceOf(Unavailable);
      await server.recover();
      expect(await counter.standing(id)).toMatchObject({ counter: 0 });
    });

    test('rejects with OutcomeUnknown when it did not answer, and asking again joins what happened', async () => {
      await using server = await make();
      const { counter, keeper } = await serve(server);
      const { id } = await open(keeper);
      const userId = randomUserId();
      await server.suffer('replies-lost');
      await expect(counter.admit(id, userId)).rejects.toBeInstanceOf(OutcomeUnknown);
      await expect(counter.standing(id)).rejects.toBeInstanceOf(OutcomeUnknown);
      await server.recover();
      await eventually(async () => expect(await counter.find(id, userId)).toMatchObject({ grant: { sequence: 1 } }));
      const again = { kind: 'already-granted', pending: true, grant: { sequence: 1 } };
      expect(await counter.admit(id, userId)).toMatchObject(again);
      expect(await counter.standing(id)).toMatchObject({ counter: 1, pending: 1 });
    });

    test('what was given out or handed in cannot change what is stored', async () => {
      await using server = await make();
      const { counter, keeper } = await serve(server);
      const record = recordOf({ limit: 1 });
      await keeper.prepare(record, 'token');
      Object.assign(record, { limit: 2, ceiling: 2 });
      await keeper.open(record.id, 'token');
      const userId = randomUserId();
      const grant = await grantTo(counter, record.id, userId);
      Object.assign(grant, { sequence: 9, epoch: 9 });
      Object.assign(await counter.standing(record.id), { ceiling: 9 });
      expect(await counter.admit(record.id, userId)).toMatchObject({ grant: { sequence: 1, epoch: 1 } });
      expect(await counter.admit(record.id, randomUserId())).toEqual({ kind: 'sold-out' });
    });
  });
}
