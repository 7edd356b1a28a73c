import { describe, expect, test } from 'vitest';
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

    test('confirms exactly what was granted, be the campaign open or not', async () => {
      await using server = await make();
      const { counter, keeper } = await serve(server);
      const { id } = await open(keeper);
      const grant = await grantTo(counter, id, randomUserId());
      expect(await keeper.confirms(grant)).toBe(true);
      const session = await server.opening.begin();
      await session.close(id, 2);
      await session.end();
      expect(await keeper.confirms(grant)).toBe(true);
    });

    test('another sequence, another epoch or another user is not confirmed', async () => {
      await using server = await make();
      const { counter, keeper } = await serve(server);
      const { id } = await open(keeper);
      const grant = await grantTo(counter, id, randomUserId());
      expect(await keeper.confirms({ ...grant, sequence: 2 })).toBe(false);
      expect(await keeper.confirms({ ...grant, epoch: 2 })).toBe(false);
      expect(await keeper.confirms({ ...grant, userId: randomUserId() })).toBe(false);
      expect(await keeper.confirms({ ...grant, campaignId: randomCampaignId() })).toBe(false);
    });
  });
}
