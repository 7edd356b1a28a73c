import { describe, expect, test } from 'vitest';
import { Unavailable } from '../../src/domain/outage.ts';
import type { OpeningSession } from '../../src/domain/ports/counter-opening.ts';
import { LARGEST_USER_ID, parseUserId } from '../../src/domain/user-id.ts';
import { randomCampaignId, randomUserId } from '../support/random.ts';
import {
  type CounterServer,
  grantTo,
  knowing,
  newIncarnation,
  open,
  recordOf,
  serve,
} from './issuance-counter.subject.ts';

const fenced = { kind: 'unknown', reason: 'fenced' };
const closed = { kind: 'unknown', reason: 'closed' };

export function counterOpeningContract(name: string, make: () => Promise<CounterServer>): void {
  const inSession = (title: string, body: (server: CounterServer, session: OpeningSession) => Promise<void>): void => {
    test(title, async () => {
      await using server = await make();
      const session = await server.opening.begin();
      await body(server, session);
      await session.end();
    });
  };

  describe(`CounterOpening, ${name}`, () => {
    inSession('says whether the server serves an incarnation', async (_, session) => {
      const incarnation = newIncarnation();
      expect(await session.isServing(incarnation)).toBe(false);
      await session.serve(incarnation);
      expect(await session.isServing(incarnation)).toBe(true);
      expect(await session.isServing({ ...incarnation, number: 2 })).toBe(false);
      expect(await session.isServing(newIncarnation())).toBe(false);
      await session.fence();
      expect(await session.isServing(incarnation)).toBe(false);
    });

    inSession('after a fence nobody can use the counter', async (server, session) => {
      const { counter, keeper } = await serve(server);
      const record = await open(keeper);
      await session.fence();
      expect(await counter.admit(record.id, randomUserId())).toEqual(fenced);
      expect(await counter.find(record.id, randomUserId())).toEqual(fenced);
      expect(await counter.standing(record.id)).toEqual(fenced);
      expect(await keeper.sample(record.id)).toEqual(fenced);
      expect(await keeper.change(record.id, record, 0, 2)).toEqual(fenced);
      expect(await keeper.stale(record.id, -1, 1)).toEqual([]);
      await expect(keeper.prepare(record, 'token')).rejects.toBeInstanceOf(Unavailable);
      await expect(keeper.open(record.id, 'token')).rejects.toBeInstanceOf(Unavailable);
    });

    inSession(
      'admissions are served under one incarnation, and under none that was fenced',
      async (server, session) => {
        const old = newIncarnation();
        const { counter, keeper } = await serve(server, old);
        const { id } = await open(keeper);
        const current = { ...old, number: 2 };
        await session.fence();
        await session.serve(current);
        expect(await counter.admit(id, randomUserId())).toEqual(fenced);
        const informed = await server.process(await knowing(current));
        expect(await informed.counter.admit(id, randomUserId())).toMatchObject({ kind: 'granted' });
      },
    );

    inSession('closes every open campaign that is not recorded, and leaves the others', async (server, session) => {
      const { counter, keeper } = await serve(server);
      const recorded = await open(keeper);
      const leftOver = await open(keeper);
      const prepared = recordOf();
      await keeper.prepare(prepared, 'token');
      const closedOnes = await session.closeOthers(new Set([recorded.id]));
      expect(closedOnes).toContain(leftOver.id);
      expect(closedOnes).not.toContain(recorded.id);
      expect(closedOnes).not.toContain(prepared.id);
      expect(await counter.admit(leftOver.id, randomUserId())).toEqual(closed);
      expect(await counter.admit(recorded.id, randomUserId())).toMatchObject({ kind: 'granted' });
      expect(await keeper.open(prepared.id, 'token')).toBe(true);
    });

    inSession('what was closed as not recorded can be closed for any epoch and rebuilt', async (server, session) => {
      const { counter, keeper } = await serve(server);
      const record = await open(keeper);
      await session.closeOthers(new Set());
      expect(await session.close(record.id, 2)).toBe(true);
      expect(await session.replace({ ...record, epoch: 2 }, 0, [])).toBe(true);
      expect(await counter.admit(record.id, randomUserId())).toMatchObject({ kind: 'granted', grant: { sequence: 1 } });
    });

    inSession('nothing is granted in a closed campaign', async (server, session) => {
      const { counter, keeper } = await serve(server);
      const { id } = await open(keeper);
      const grant = await grantTo(counter, id, randomUserId());
      expect(await session.close(id, 2)).toBe(true);
      expect(await counter.admit(id, randomUserId())).toEqual(closed);
      expect(await counter.admit(id, grant.userId, 'any-time')).toEqual(closed);
      expect(await counter.find(id, grant.userId)).toEqual(closed);
      expect(await keeper.open(id, 'token')).toBe(false);
      expect(await session.close(id, 2)).toBe(true);
      expect(await session.close(id, 3)).toBe(true);
    });

    inSession('closes whatever stood there before', async (server, session) => {
      const { counter, keeper } = await serve(server);
      const prepared = recordOf();
      await keeper.prepare(prepared, 'token');
      const ids = [randomCampaignId(), prepared.id];
      for (const part of ['meta', 'users', 'pending'] as const) {
        const { id } = await open(keeper);
        await grantTo(counter, id, randomUserId());
        await server.lose(id, part);
        ids.push(id);
      }
      for (const id of ids) {
        expect(await session.close(id, 2)).toBe(true);
        expect(await counter.admit(id, randomUserId())).toEqual(closed);
        expect(await keeper.prepare(recordOf({ id }), 'other')).toEqual({ kind: 'conflict' });
      }
    });

    inSession('a closing of a lower epoch than the present closing changes nothing', async (server, session) => {
      const { counter, keeper } = await serve(server);
      const record = await open(keeper);
      await session.close(record.id, 5);
      expect(await session.close(record.id, 4)).toBe(false);
      expect(await session.replace({ ...record, epoch: 5 }, 0, [])).toBe(true);
      expect(await session.close(record.id, 4)).toBe(false);
      expect(await session.close(record.id, 5)).toBe(false);
      expect(await counter.admit(record.id, randomUserId())).toMatchObject({ grant: { epoch: 5 } });
    });

    inSession('a closed campaign still holds its pending grants', async (server, session) => {
      const { counter, keeper } = await serve(server);
      const { id } = await open(keeper, { epoch: 3, limit: 1_500 });
      const users = [parseUserId(LARGEST_USER_ID), ...Array.from({ length: 1_499 }, randomUserId)];
      const grants = await Promise.all(users.map((user) => grantTo(counter, id, user)));
      expect(await session.survivors(id)).toEqual([]);
      await session.close(id, 4);
      await session.close(id, 5);
      const survivors = await session.survivors(id);
      expect(survivors.toSorted((a, b) => a.sequence - b.sequence)).toEqual(grants);
    });

    inSession('a closed campaign of which a part is gone holds no pending grants', async (server, session) => {
      const { counter, keeper } = await serve(server);
      for (const part of ['meta', 'users', 'pending'] as const) {
        const { id } = await open(keeper);
        await grantTo(counter, id, randomUserId());
        await server.lose(id, part);
        await session.close(id, 2);
        expect(await session.survivors(id)).toEqual([]);
      }
      expect(await session.survivors(randomCampaignId())).toEqual([]);
    });

    inSession(
      'replaces whatever the counter held by the holders and opens under the record',
      async (server, session) => {
        const { counter, keeper } = await serve(server);
        const { id } = await open(keeper);
        const forgotten = await grantTo(counter, id, randomUserId());
        const terms = { name: 'Rebuilt', limit: 12_100, startsAt: 5, endsAt: 4_000_000_000_000 };
        const shown = { ...terms, ceiling: 12_105, epoch: 2, version: 8 };
        const users = Array.from({ length: 12_000 }, (_, index) => ({
          userId: randomUserId(),
          sequence: index + 3,
          voided: index === 7,
        }));
        await session.close(id, 2);
        expect(await session.replace(recordOf({ id, ...shown }), 12_004, [users])).toBe(true);
        expect(await counter.standing(id)).toMatchObject({ kind: 'open', ...shown, counter: 12_004, pending: 0 });
        expect(await counter.find(id, forgotten.userId)).toEqual({ kind: 'none' });
        expect(await keeper.confirms(forgotten)).toBe('not-granted');
        expect(await session.survivors(id)).toEqual([]);
      },
    );

    inSession('the holders are told their sequences again, and are not pending', async (server, session) => {
      const { counter, keeper } = await serve(server);
      const { id } = await open(keeper);
      const grant = await grantTo(counter, id, randomUserId());
      await session.close(id, 2);
      await session.replace(recordOf({ id, epoch: 2 }), 1, [[{ userId: grant.userId, sequence: 1, voided: false }]]);
      const again = { kind: 'already-granted', pending: false, grant: { userId: grant.userId, sequence: 1, epoch: 2 } };
      expect(await counter.admit(id, grant.userId)).toMatchObject(again);
      expect(await counter.find(id, grant.userId)).toEqual({ kind: 'granted', sequence: 1, epoch: 2 });
    });

    inSession(
      'a reopened campaign grants the sequences above the highest holder, up to the ceiling',
      async (server, session) => {
        const { counter } = await serve(server);
        const record = recordOf({ epoch: 2, limit: 3, ceiling: 6 });
        await session.close(record.id, 2);
        await session.replace(record, 4, [[{ userId: randomUserId(), sequence: 4, voided: false }]]);
        expect(await grantTo(counter, record.id, randomUserId())).toMatchObject({ sequence: 5, epoch: 2 });
        expect(await grantTo(counter, record.id, randomUserId())).toMatchObject({ sequence: 6 });
        expect(await counter.admit(record.id, randomUserId())).toEqual({ kind: 'sold-out' });
      },
    );

    inSession('takes holders in pages, and of two entries of one user the later one', async (server, session) => {
      const { counter } = await serve(server);
      const record = recordOf({ epoch: 2, limit: 4 });
      const [first, second] = [randomUserId(), randomUserId()];
      const pages = async function* () {
        yield [
          { userId: first, sequence: 1, voided: false },
          { userId: second, sequence: 2, voided: false },
        ];
        yield [];
        yield [{ userId: first, sequence: 1, voided: true }];
      };
      await session.close(record.id, 2);
      expect(await session.replace(record, 2, pages())).toBe(true);
      expect(await counter.admit(record.id, first)).toEqual({ kind: 'voided' });
      expect(await counter.admit(record.id, second)).toMatchObject({ kind: 'already-granted', grant: { sequence: 2 } });
      expect(await grantTo(counter, record.id, randomUserId())).toMatchObject({ sequence: 3 });
    });

    inSession(
      'rejects where a page of holders cannot be read, and the campaign stays closed',
      async (server, session) => {
        const { counter } = await serve(server);
        const record = recordOf({ epoch: 2 });
        await session.close(record.id, 2);
        const pages = async function* () {
          yield [{ userId: randomUserId(), sequence: 1, voided: false }];
          throw new Unavailable('database', 'the database is away');
        };
        await expect(session.replace(record, 2, pages())).rejects.toThrow('the database is away');
        expect(await counter.standing(record.id)).toEqual(closed);
        expect(await session.replace(record, 0, [])).toBe(true);
      },
    );

    inSession('a campaign without holders is reopened from its first sequence', async (server, session) => {
      const { counter, keeper } = await serve(server);
      const { id } = await open(keeper);
      await grantTo(counter, id, randomUserId());
      await session.close(id, 2);
      expect(await session.replace(recordOf({ id, epoch: 2 }), 0, [])).toBe(true);
      expect(await grantTo(counter, id, randomUserId())).toMatchObject({ sequence: 1, epoch: 2 });
    });

    inSession('replaces only while the campaign is closed for exactly that epoch', async (server, session) => {
      const { counter, keeper } = await serve(server);
      const record = await open(keeper);
      const holders = [[{ userId: randomUserId(), sequence: 1, voided: false }]];
      expect(await session.replace({ ...record, epoch: 1 }, 1, holders)).toBe(false);
      expect(await counter.standing(record.id)).toMatchObject({ kind: 'open', counter: 0, epoch: 1 });
      expect(await session.replace(recordOf({ epoch: 1 }), 1, holders)).toBe(false);
      await session.close(record.id, 3);
      for (const epoch of [2, 4]) expect(await session.replace({ ...record, epoch }, 1, holders)).toBe(false);
      expect(await counter.standing(record.id)).toEqual(closed);
      expect(await session.replace({ ...record, epoch: 3 }, 1, holders)).toBe(true);
      expect(await session.replace({ ...record, epoch: 3 }, 0, [])).toBe(false);
      expect(await counter.standing(record.id)).toMatchObject({ kind: 'open', counter: 1, epoch: 3 });
    });

    test('a session does not survive its server', async () => {
      await using server = await make();
      const { counter } = await serve(server);
      const session = await server.opening.begin();
      const { id } = recordOf();
      expect(await session.close(id, 2)).toBe(true);
      await server.replace();
      // Whoever reconnects has done so by now.
      expect(await counter.standing(id)).toEqual(fenced);
      await expect(session.close(id, 3)).rejects.toBeInstanceOf(Unavailable);
      await expect(session.isServing(newIncarnation())).rejects.toBeInstanceOf(Unavailable);
      await expect(session.replace(recordOf({ id, epoch: 2 }), 0, [])).rejects.toBeInstanceOf(Unavailable);
      await session.end();
      const next = await server.opening.begin();
      expect(await next.close(id, 2)).toBe(true);
      await next.end();
    });

    test('a server that was replaced serves no incarnation', async () => {
      await using server = await make();
      const { counter, keeper } = await serve(server);
      const { id } = await open(keeper);
      await server.replace();
      expect(await counter.admit(id, randomUserId())).toEqual(fenced);
    });

    test('does not begin while the server is away', async () => {
      await using server = await make();
      await server.suffer('away');
      await expect(server.opening.begin()).rejects.toBeInstanceOf(Unavailable);
      await server.recover();
    });
  });
}
