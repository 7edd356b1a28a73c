import { describe, expect, test } from 'vitest';
import type { CampaignId } from '../../src/domain/campaign-id.ts';
import type { Holder } from '../../src/domain/counter-standing.ts';
import type { CounterHoldings } from '../../src/domain/ports/counter-holdings.ts';
import { LARGEST_USER_ID, parseUserId } from '../../src/domain/user-id.ts';
import { randomCampaignId, randomUserId } from '../support/random.ts';
import { type CounterServer, grantTo, open, recordOf, serve } from './issuance-counter.subject.ts';

const MANY = 2_500;

export function counterHoldingsContract(name: string, make: () => Promise<CounterServer>): void {
  describe(`CounterHoldings, ${name}`, () => {
    test('says who holds which sequence, voided users among them', async () => {
      await using server = await make();
      const { holdings } = await serve(server);
      const record = recordOf({ limit: 5, epoch: 2 });
      const holders = [
        { userId: parseUserId(LARGEST_USER_ID), sequence: 1, voided: false },
        { userId: randomUserId(), sequence: 2, voided: true },
        { userId: randomUserId(), sequence: 4, voided: false },
      ];
      await rebuilt(server, record, 4, holders);
      expect(await allOf(holdings, record.id)).toEqual(byUser(holders));
    });

    test('gives everybody who holds a sequence from the beginning to the end, whoever is granted one meanwhile', async () => {
      await using server = await make();
      const { counter, holdings } = await serve(server);
      const record = recordOf({ limit: 2 * MANY, ceiling: 2 * MANY, epoch: 2 });
      const holders = someHolders(MANY);
      await rebuilt(server, record, MANY, holders);
      const later = new Map<string, number>();
      const given = await allOf(holdings, record.id, async () => {
        const grants = await Promise.all(
          Array.from({ length: 500 }, () => grantTo(counter, record.id, randomUserId())),
        );
        for (const { userId, sequence } of grants) later.set(userId, sequence);
      });
      expect(later.size).toBeGreaterThanOrEqual(500);
      expect(given.filter(({ userId }) => !later.has(userId))).toEqual(byUser(holders));
      for (const { userId, sequence } of given) expect(later.get(userId) ?? sequence).toBe(sequence);
    });

    test('gives no holders of a campaign that the counter does not know', async () => {
      await using server = await make();
      const { holdings } = await serve(server);
      expect(await allOf(holdings, randomCampaignId())).toEqual([]);
    });

    test('says nothing of whether the counter is open and complete', async () => {
      await using server = await make();
      const { counter, keeper, holdings } = await serve(server);
      const { id } = await open(keeper);
      const { userId } = await grantTo(counter, id, randomUserId());
      await server.lose(id, 'meta');
      expect(await allOf(holdings, id)).toEqual([{ userId, sequence: 1, voided: false }]);
    });

    test('rejects with an outage where the counter cannot be asked', async () => {
      await using server = await make();
      const { holdings } = await serve(server);
      await server.suffer('away');
      await expect(allOf(holdings, randomCampaignId())).rejects.toMatchObject({ name: 'Unavailable' });
      await server.recover();
      await server.suffer('replies-lost');
      await expect(allOf(holdings, randomCampaignId())).rejects.toMatchObject({ name: 'OutcomeUnknown' });
      await server.recover();
    });
  });
}

const someHolders = (count: number): Holder[] => {
  const users = new Set<ReturnType<typeof randomUserId>>();
  while (users.size < count) users.add(randomUserId());
  return [...users].map((userId, index) => ({ userId, sequence: index + 1, voided: false }));
};

async function rebuilt(
  server: CounterServer,
  record: ReturnType<typeof recordOf>,
  highest: number,
  holders: readonly Holder[],
): Promise<void> {
  const session = await server.opening.begin();
  await session.close(record.id, record.epoch);
  if (!(await session.replace(record, highest, [holders]))) throw new Error('the counter was not replaced');
  await session.end();
}

const byUser = (holders: readonly Holder[]): readonly Holder[] =>
  holders.toSorted((a, b) => (a.userId < b.userId ? -1 : 1));

/** Everybody who is given, once. */
async function allOf(
  holdings: CounterHoldings,
  id: CampaignId,
  meanwhile: () => Promise<void> = async () => {},
): Promise<readonly Holder[]> {
  const given = new Map<string, Holder>();
  for await (const page of holdings.holders(id)) {
    for (const holder of page) given.set(holder.userId, holder);
    await meanwhile();
  }
  return byUser([...given.values()]);
}
