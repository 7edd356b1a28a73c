import { describe, expect, test } from 'vitest';
import { MOST_SAMPLED } from '../../src/domain/counter-standing.ts';
import type { Grant } from '../../src/domain/grant.ts';
import { LARGEST_USER_ID, parseUserId } from '../../src/domain/user-id.ts';
import { eventually } from '../support/eventually.ts';
import { randomCampaignId, randomUserId } from '../support/random.ts';
import { type CounterServer, grantTo, open, recordOf, serve } from './issuance-counter.subject.ts';

export function counterKeeperContract(name: string, make: () => Promise<CounterServer>): void {
  describe(`CounterKeeper, ${name}`, () => {
    test('what is prepared grants nothing until it is opened', async () => {
      await using server = await make();
      const { counter, keeper } = await serve(server);
      const record = recordOf();
      expect(await keeper.prepare(record, 'first')).toEqual({ kind: 'prepared', token: 'first' });
      const prepared = { kind: 'unknown', reason: 'prepared' };
      expect(await counter.admit(record.id, randomUserId())).toEqual(prepared);
      expect(await counter.standing(record.id)).toEqual(prepared);
      expect(await keeper.change(record.id, record, 0, 2)).toEqual(prepared);
      expect(await keeper.sample(record.id)).toEqual(prepared);
      expect(await keeper.open(record.id, 'first')).toBe(true);
      expect(await counter.admit(record.id, randomUserId())).toMatchObject({ grant: { sequence: 1 } });
    });

    test('preparing again keeps the first token', async () => {
      await using server = await make();
      const { keeper } = await serve(server);
      const record = recordOf();
      await keeper.prepare(record, 'first');
      expect(await keeper.prepare({ ...record, limit: 9, ceiling: 9 }, 'second')).toEqual({
        kind: 'prepared',
        token: 'first',
      });
      expect(await keeper.open(record.id, 'first')).toBe(true);
    });

    test('preparing what is open or closed is a conflict, and changes nothing', async () => {
      await using server = await make();
      const { counter, keeper } = await serve(server);
      const record = await open(keeper);
      await grantTo(counter, record.id, randomUserId());
      expect(await keeper.prepare(record, 'second')).toEqual({ kind: 'conflict' });
      expect(await counter.standing(record.id)).toMatchObject({ kind: 'open', counter: 1 });
      const session = await server.opening.begin();
      await session.close(record.id, 2);
      await session.end();
      expect(await keeper.prepare(record, 'second')).toEqual({ kind: 'conflict' });
      expect(await counter.standing(record.id)).toEqual({ kind: 'unknown', reason: 'closed' });
    });

    test('preparing what has lost its description but not its users is a conflict', async () => {
      await using server = await make();
      const { counter, keeper } = await serve(server);
      const record = await open(keeper);
      await grantTo(counter, record.id, randomUserId());
      await server.lose(record.id, 'meta');
      expect(await keeper.prepare(record, 'second')).toEqual({ kind: 'conflict' });
      expect(await keeper.open(record.id, 'token')).toBe(false);
      expect(await counter.standing(record.id)).toEqual({ kind: 'unknown', reason: 'missing' });
    });

    test('opening is true where the campaign is open afterwards', async () => {
      await using server = await make();
      const { keeper } = await serve(server);
      const { id } = await open(keeper);
      expect(await keeper.open(id, 'token')).toBe(true);
      expect(await keeper.open(randomCampaignId(), 'token')).toBe(false);
    });

    test('a token is not that of a campaign that was opened with another', async () => {
      await using server = await make();
      const { keeper } = await serve(server);
      const { id } = await open(keeper);
      expect(await keeper.open(id, 'another')).toBe(false);
    });

    test('a token other than the prepared one opens nothing', async () => {
      await using server = await make();
      const { counter, keeper } = await serve(server);
      const record = recordOf();
      await keeper.prepare(record, 'first');
      expect(await keeper.open(record.id, 'second')).toBe(false);
      expect(await counter.standing(record.id)).toEqual({ kind: 'unknown', reason: 'prepared' });
    });

    test('takes over the terms of a version, with so many burnt sequences', async () => {
      await using server = await make();
      const { counter, keeper } = await serve(server);
      const { id } = await open(keeper);
      const terms = { name: 'Renamed', limit: 9, startsAt: 1, endsAt: 4_000_000_000_000 };
      expect(await keeper.change(id, terms, 2, 5)).toEqual({ kind: 'changed', limit: 9, ceiling: 11 });
      expect(await counter.standing(id)).toMatchObject({ ...terms, ceiling: 11, version: 5 });
      await keeper.change(id, { ...terms, startsAt: null, endsAt: null }, 2, 6);
      expect(await counter.standing(id)).toMatchObject({ startsAt: null, endsAt: null, version: 6 });
    });

    test('a raise reopens a sold-out campaign, for users who were refused before', async () => {
      await using server = await make();
      const { counter, keeper } = await serve(server);
      const record = await open(keeper, { limit: 1 });
      await grantTo(counter, record.id, randomUserId());
      const refused = randomUserId();
      expect(await counter.admit(record.id, refused)).toEqual({ kind: 'sold-out' });
      await keeper.change(record.id, { ...record, limit: 2 }, 0, 2);
      expect(await grantTo(counter, record.id, refused)).toMatchObject({ sequence: 2 });
    });

    test('a limit below what is granted is clamped to that, and the outcome says so', async () => {
      await using server = await make();
      const { counter, keeper } = await serve(server);
      const record = await open(keeper, { limit: 5 });
      for (let each = 0; each < 4; each += 1) await grantTo(counter, record.id, randomUserId());
      const outcome = await keeper.change(record.id, { ...record, limit: 1 }, 1, 2);
      expect(outcome).toEqual({ kind: 'changed', limit: 3, ceiling: 4 });
      expect(await counter.standing(record.id)).toMatchObject({ limit: 3, ceiling: 4 });
      expect(await counter.admit(record.id, randomUserId())).toEqual({ kind: 'sold-out' });
    });

    test('a version that is not higher than the present one is outdated and changes nothing', async () => {
      await using server = await make();
      const { counter, keeper } = await serve(server);
      const record = await open(keeper, { version: 10 });
      for (const version of [9, 10]) {
        expect(await keeper.change(record.id, { ...record, limit: 50 }, 0, version)).toEqual({ kind: 'outdated' });
      }
      expect(await counter.standing(record.id)).toMatchObject({ limit: 3, version: 10 });
    });

    test('grants that have been pending for longer are stale, oldest first, at most so many', async () => {
      await using server = await make();
      const { counter, keeper } = await serve(server);
      const { id } = await open(keeper, { limit: 10 });
      const nextStale = async (userId = randomUserId()): Promise<Grant> => {
        const grant = await grantTo(counter, id, userId);
        await eventually(async () => expect(await keeper.stale(id, 0, 10)).toContainEqual(grant));
        return grant;
      };
      const settled = await nextStale();
      const grants = [settled, await nextStale(parseUserId(LARGEST_USER_ID)), await nextStale(), await nextStale()];
      expect(await keeper.stale(id, 0, 10)).toEqual(grants);
      expect(await keeper.stale(id, 0, 2)).toEqual(grants.slice(0, 2));
      expect(await keeper.stale(id, 60_000, 10)).toEqual([]);
      counter.settle(settled);
      await eventually(async () => expect(await keeper.stale(id, 0, 10)).toEqual(grants.slice(1)));
    });

    test('a campaign that is not open and complete has no stale grants', async () => {
      await using server = await make();
      const { counter, keeper } = await serve(server);
      const { id } = await open(keeper);
      await grantTo(counter, id, randomUserId());
      await server.lose(id, 'users');
      expect(await keeper.stale(id, -1, 10)).toEqual([]);
      expect(await keeper.stale(randomCampaignId(), -1, 10)).toEqual([]);
    });

    test('the marks of durable grants are cleared when that resolves', async () => {
      await using server = await make();
      const { counter, keeper } = await serve(server);
      const { id } = await open(keeper, { limit: 2_000, ceiling: 2_000 });
      const grants = await Promise.all(Array.from({ length: 1_200 }, () => grantTo(counter, id, randomUserId())));
      await keeper.clearMarks(id, grants.slice(1));
      expect(await counter.standing(id)).toMatchObject({ counter: 1_200, pending: 1 });
      await keeper.clearMarks(id, grants);
      expect(await counter.standing(id)).toMatchObject({ counter: 1_200, pending: 0, oldestPending: null });
    });

    test('a mark is cleared only where sequence and epoch match, and only while the campaign is open and complete', async () => {
      await using server = await make();
      const { counter, keeper } = await serve(server);
      const { id } = await open(keeper);
      const grant = await grantTo(counter, id, randomUserId());
      await keeper.clearMarks(id, [{ ...grant, sequence: 2 }]);
      await keeper.clearMarks(id, [{ ...grant, epoch: 2 }]);
      await keeper.clearMarks(id, [{ ...grant, userId: randomUserId() }]);
      expect(await counter.standing(id)).toMatchObject({ pending: 1 });
      await server.lose(id, 'users');
      await keeper.clearMarks(id, [grant]);
      expect(await counter.standing(id)).toEqual({ kind: 'unknown', reason: 'incomplete' });
      await keeper.clearMarks(randomCampaignId(), [grant]);
    });

    test('grants are pending again, as of now', async () => {
      await using server = await make();
      const { counter, keeper } = await serve(server);
      const { id, epoch } = await open(keeper, { limit: 2_000, ceiling: 2_000 });
      const grants = await Promise.all(Array.from({ length: 1_200 }, () => grantTo(counter, id, randomUserId())));
      await keeper.clearMarks(id, grants);
      const holders = grants.map(({ userId, sequence }) => ({ userId, sequence, voided: false }));
      expect(await keeper.markPending(id, epoch, holders)).toEqual({ kind: 'marked', marked: 1_200 });
      const standing = await counter.standing(id);
      expect(standing).toMatchObject({ kind: 'open', counter: 1_200, pending: 1_200 });
      const { oldestPending, now } = { oldestPending: 0, now: 0, ...standing };
      expect(now - (oldestPending ?? 0)).toBeLessThan(1_000);
      const [first] = grants;
      if (first === undefined) throw new Error('nothing was granted');
      expect(await counter.admit(id, first.userId)).toMatchObject({ kind: 'already-granted', pending: true });
    });

    test('whoever does not hold exactly this sequence, is voided or pending already, is left alone', async () => {
      await using server = await make();
      const { counter, keeper } = await serve(server);
      const record = recordOf({ limit: 5, epoch: 2 });
      const [held, other, voided] = [randomUserId(), randomUserId(), randomUserId()];
      const session = await server.opening.begin();
      await session.close(record.id, 2);
      const holders = [
        { userId: held, sequence: 1, voided: false },
        { userId: other, sequence: 2, voided: false },
        { userId: voided, sequence: 3, voided: true },
      ];
      await session.replace(record, 3, [holders]);
      await session.end();
      const pending = await grantTo(counter, record.id, randomUserId());
      const outcome = await keeper.markPending(record.id, 2, [
        { userId: held, sequence: 2, voided: false },
        { userId: randomUserId(), sequence: 2, voided: false },
        { userId: voided, sequence: 3, voided: true },
        { userId: voided, sequence: 3, voided: false },
        { userId: pending.userId, sequence: pending.sequence, voided: false },
        { userId: other, sequence: 2, voided: false },
        { userId: other, sequence: 2, voided: false },
      ]);
      expect(outcome).toEqual({ kind: 'marked', marked: 1 });
      expect(await keeper.sample(record.id)).toEqual({ epoch: 2, counter: 4, pending: expect.anything() });
      const { pending: sequences } = { pending: [], ...(await keeper.sample(record.id)) };
      expect(new Set(sequences)).toEqual(new Set([2, 4]));
      expect(await keeper.stale(record.id, -1, 10)).toContainEqual(pending);
    });

    test('in another epoch, or while the campaign is not open, nothing is marked', async () => {
      await using server = await make();
      const { counter, keeper } = await serve(server);
      const { id } = await open(keeper);
      const grant = await grantTo(counter, id, randomUserId());
      await keeper.clearMarks(id, [grant]);
      const holder = { userId: grant.userId, sequence: grant.sequence, voided: false };
      expect(await keeper.markPending(id, 2, [holder])).toEqual({ kind: 'overtaken' });
      expect(await counter.standing(id)).toMatchObject({ pending: 0 });
      await server.lose(id, 'pending');
      await server.lose(id, 'meta');
      expect(await keeper.markPending(id, 1, [holder])).toEqual({ kind: 'unknown', reason: 'missing' });
    });

    test('what is retired is removed, whatever is left of it, and is retired again', async () => {
      await using server = await make();
      const { counter, keeper, holdings } = await serve(server);
      const missing = { kind: 'unknown', reason: 'missing' };
      const whole = await open(keeper);
      await keeper.clearMarks(whole.id, [await grantTo(counter, whole.id, randomUserId())]);
      const incomplete = await open(keeper);
      await grantTo(counter, incomplete.id, randomUserId());
      await server.lose(incomplete.id, 'users');
      const closed = await open(keeper);
      await grantTo(counter, closed.id, randomUserId());
      const session = await server.opening.begin();
      await session.close(closed.id, 2);
      for (const { id } of [whole, incomplete, closed, whole]) {
        expect(await keeper.retire(id, 1)).toBe('retired');
        expect(await counter.standing(id)).toEqual(missing);
        for await (const page of holdings.holders(id)) expect(page).toEqual([]);
        expect(await session.survivors(id)).toEqual([]);
      }
      await session.end();
    });

    test('what is whole and has a pending grant, or a higher version, is busy and stays', async () => {
      await using server = await make();
      const { counter, keeper } = await serve(server);
      const { id } = await open(keeper, { version: 7 });
      expect(await keeper.retire(id, 6)).toBe('busy');
      const grant = await grantTo(counter, id, randomUserId());
      expect(await keeper.retire(id, 7)).toBe('busy');
      expect(await counter.standing(id)).toMatchObject({ kind: 'open', counter: 1, pending: 1 });
      await keeper.clearMarks(id, [grant]);
      expect(await keeper.retire(id, 7)).toBe('retired');
    });

    test('a user who holds exactly this sequence is voided, and told so, and the campaign stays complete', async () => {
      await using server = await make();
      const { counter, keeper } = await serve(server);
      const { id } = await open(keeper, { limit: 2 });
      const [settled, pending] = [
        await grantTo(counter, id, randomUserId()),
        await grantTo(counter, id, randomUserId()),
      ];
      await keeper.clearMarks(id, [settled]);
      for (const { userId, sequence } of [settled, pending]) {
        expect(await keeper.voidUser(id, userId, sequence)).toEqual({ kind: 'voided' });
        expect(await counter.admit(id, userId)).toEqual({ kind: 'voided' });
        expect(await counter.find(id, userId)).toEqual({ kind: 'voided', sequence });
        expect(await counter.standing(id)).toMatchObject({ kind: 'open', counter: 2 });
      }
      expect(await keeper.confirms(settled)).toBe('not-granted');
    });

    test('a user who is voided loses his pending mark', async () => {
      await using server = await make();
      const { counter, keeper } = await serve(server);
      const { id } = await open(keeper, { limit: 2 });
      const grant = await grantTo(counter, id, randomUserId());
      await keeper.voidUser(id, grant.userId, 1);
      expect(await counter.standing(id)).toMatchObject({ pending: 0 });
      await keeper.clearMarks(id, [grant]);
      expect(await keeper.stale(id, -1, 10)).toEqual([]);
      expect(await counter.standing(id)).toMatchObject({ counter: 1, pending: 0 });
      expect(await grantTo(counter, id, randomUserId())).toMatchObject({ sequence: 2 });
    });

    test('voiding a user again is voided too', async () => {
      await using server = await make();
      const { counter, keeper } = await serve(server);
      const { id } = await open(keeper);
      const { userId } = await grantTo(counter, id, randomUserId());
      const outcomes = await Promise.all(Array.from({ length: 5 }, () => keeper.voidUser(id, userId, 1)));
      expect(outcomes.map(({ kind }) => kind)).toEqual(Array(5).fill('voided'));
      expect(await counter.standing(id)).toMatchObject({ pending: 0 });
    });

    test('whoever holds another sequence, or none, is not-held and stays as he is', async () => {
      await using server = await make();
      const { counter, keeper } = await serve(server);
      const { id } = await open(keeper);
      const { userId } = await grantTo(counter, id, randomUserId());
      expect(await keeper.voidUser(id, userId, 2)).toEqual({ kind: 'not-held' });
      expect(await keeper.voidUser(id, randomUserId(), 1)).toEqual({ kind: 'not-held' });
      expect(await counter.find(id, userId)).toMatchObject({ kind: 'pending' });
      expect(await counter.standing(id)).toMatchObject({ counter: 1, pending: 1 });
      await keeper.voidUser(id, userId, 1);
      expect(await keeper.voidUser(id, userId, 2)).toEqual({ kind: 'not-held' });
      expect(await counter.find(id, userId)).toEqual({ kind: 'voided', sequence: 1 });
    });

    test('while a campaign is not open and complete nobody is voided', async () => {
      await using server = await make();
      const { counter, keeper } = await serve(server);
      const { id } = await open(keeper);
      const { userId } = await grantTo(counter, id, randomUserId());
      const session = await server.opening.begin();
      await session.close(id, 2);
      await session.end();
      expect(await keeper.voidUser(id, userId, 1)).toEqual({ kind: 'unknown', reason: 'closed' });
      expect(await keeper.voidUser(randomCampaignId(), userId, 1)).toEqual({ kind: 'unknown', reason: 'missing' });
    });

    test('a sample is counter, epoch and every pending sequence', async () => {
      await using server = await make();
      const { counter, keeper } = await serve(server);
      const { id } = await open(keeper, { limit: 10, epoch: 4 });
      const settled = await grantTo(counter, id, randomUserId());
      await Promise.all([2, 3].map(() => grantTo(counter, id, randomUserId())));
      counter.settle(settled);
      await eventually(async () => {
        const sample = { pending: [], ...(await keeper.sample(id)) };
        expect({ ...sample, pending: new Set(sample.pending) }).toEqual({
          epoch: 4,
          counter: 3,
          pending: new Set([2, 3]),
        });
      });
    });

    test('above MOST_SAMPLED there are too many pending grants to be read at once: unknown, crowded', async () => {
      await using server = await make();
      const { counter, keeper } = await serve(server);
      const limit = MOST_SAMPLED + 1;
      const record = recordOf({ limit, epoch: 2 });
      const holders = Array.from({ length: MOST_SAMPLED }, (_, index) => ({
        userId: randomUserId(),
        sequence: index + 1,
        voided: false,
      }));
      const session = await server.opening.begin();
      await session.close(record.id, 2);
      await session.replace(record, MOST_SAMPLED, [holders]);
      await session.end();
      expect(await keeper.markPending(record.id, 2, holders)).toEqual({ kind: 'marked', marked: MOST_SAMPLED });
      const sample = { pending: [], ...(await keeper.sample(record.id)) };
      expect(sample).toMatchObject({ epoch: 2, counter: MOST_SAMPLED });
      expect(new Set(sample.pending)).toEqual(new Set(holders.map(({ sequence }) => sequence)));

      const last = await grantTo(counter, record.id, randomUserId());
      expect(await keeper.sample(record.id)).toEqual({ kind: 'unknown', reason: 'crowded' });
      expect(await counter.standing(record.id)).toMatchObject({ kind: 'open', pending: limit });
      await keeper.clearMarks(record.id, [last]);
      expect(await keeper.sample(record.id)).toMatchObject({ epoch: 2, counter: limit });
    });

    test('confirms exactly what was granted, be the campaign open or not', async () => {
      await using server = await make();
      const { counter, keeper } = await serve(server);
      const { id } = await open(keeper);
      const grant = await grantTo(counter, id, randomUserId());
      expect(await keeper.confirms(grant)).toBe('granted');
      const session = await server.opening.begin();
      await session.close(id, 2);
      await session.end();
      expect(await keeper.confirms(grant)).toBe('granted');
    });

    test('another sequence, another epoch or another user was not granted', async () => {
      await using server = await make();
      const { counter, keeper } = await serve(server);
      const { id } = await open(keeper);
      const grant = await grantTo(counter, id, randomUserId());
      expect(await keeper.confirms({ ...grant, sequence: 2 })).toBe('not-granted');
      expect(await keeper.confirms({ ...grant, epoch: 2 })).toBe('not-granted');
      expect(await keeper.confirms({ ...grant, userId: randomUserId() })).toBe('not-granted');
    });

    test('a counter that is not open and complete does not know what it granted', async () => {
      await using server = await make();
      const { counter, keeper } = await serve(server);
      for (const part of ['meta', 'users', 'pending'] as const) {
        const { id } = await open(keeper);
        const grant = await grantTo(counter, id, randomUserId());
        await server.lose(id, part);
        expect(await keeper.confirms({ ...grant, sequence: 2 })).toBe('unknown');
        expect(await keeper.confirms(grant)).toBe(part === 'pending' ? 'granted' : 'unknown');
      }
      const { id } = await open(keeper);
      const grant = await grantTo(counter, id, randomUserId());
      const session = await server.opening.begin();
      await session.close(id, 2);
      expect(await keeper.confirms({ ...grant, sequence: 2 })).toBe('unknown');
      expect(await keeper.confirms({ ...grant, campaignId: randomCampaignId() })).toBe('unknown');
    });

    test('a counter that has lost its incarnation does not know what it granted', async () => {
      await using server = await make();
      const { counter, keeper } = await serve(server);
      const { id } = await open(keeper);
      const grant = await grantTo(counter, id, randomUserId());
      const session = await server.opening.begin();
      await session.fence();
      expect(await keeper.confirms({ ...grant, sequence: 2 })).toBe('unknown');
      expect(await keeper.confirms(grant)).toBe('granted');
    });
  });
}
