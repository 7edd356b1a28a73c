import { setTimeout as sleep } from 'node:timers/promises';
import { counterKeys } from '../../src/adapters/redis/counter-keys.ts';
import { parseCampaignId } from '../../src/domain/campaign-id.ts';
import { eventually } from '../../test/support/eventually.ts';
import type { Installation } from '../support/installation.ts';

const GIVE_UP_AFTER = 120_000;
const LOOK_EVERY = 20;
/** Every partition has some of the last ones, so that all of them are stored about when these are. */
const LAST = 64;

export interface StoredCoupon {
  readonly sequence: number;
  readonly userId: string;
  /** Text, to the millisecond: the same for all that were stored in one transaction. */
  readonly issuedAt: string;
}

/**
 * Resolves when as many coupons of a campaign as given are rows, from the one after `from` on, with that moment in
 * milliseconds since 1970. Looks at the last of them until they are there: to count all of them every time would be work
 * for the database that is measured.
 */
export async function allStored(on: Installation, campaignId: string, count: number, from = 0): Promise<number> {
  const stored = async (after: number): Promise<number> => {
    const query = 'select count(*) as there from coupons where campaign_id = ? and sequence > ?';
    const [row] = await on.sql<{ there: number }>(query, [campaignId, after]);
    return row?.there ?? 0;
  };
  const giveUpAt = performance.now() + GIVE_UP_AFTER;
  for (const after of [from + Math.max(0, count - LAST), from]) {
    while ((await stored(after)) < from + count - after) {
      if (performance.now() > giveUpAt) {
        throw new Error(
          `${await stored(from)} of ${count} coupons of ${campaignId} are stored after ${GIVE_UP_AFTER} ms`,
        );
      }
      await sleep(LOOK_EVERY);
    }
  }
  return performance.timeOrigin + performance.now();
}

/** Resolves when the counter of a campaign stands there, with that moment in milliseconds since 1970. */
export async function allGranted({ stores }: Installation, campaignId: string, count: number): Promise<number> {
  const [meta] = counterKeys(parseCampaignId(campaignId));
  await eventually(async () => {
    const counter = Number(await stores.redis.hget(meta, 'counter'));
    if (counter < count) throw new Error(`${counter} of ${count} coupons of ${campaignId} are granted`);
  }, GIVE_UP_AFTER);
  return performance.timeOrigin + performance.now();
}

/** Resolves when there are so many coupons in all of these campaigns together. */
export async function allStoredOf(on: Installation, campaignIds: readonly string[], count: number): Promise<void> {
  const query = 'select count(*) as there from coupons where campaign_id in (?)';
  await eventually(async () => {
    const [row] = await on.sql<{ there: number }>(query, [campaignIds]);
    if (row?.there !== count) throw new Error(`${row?.there} of ${count} coupons are stored`);
  }, GIVE_UP_AFTER);
}

/** In the order in which they were stored. */
export const storedCoupons = (on: Installation, campaignId: string): Promise<readonly StoredCoupon[]> =>
  on.sql<StoredCoupon>(
    `select sequence, cast(user_id as char) as userId, cast(issued_at as char) as issuedAt
     from coupons where campaign_id = ? order by issued_at, sequence`,
    [campaignId],
  );

/** @throws Error where the rows are not these grants, each of them once */
export function checkStored(
  rows: readonly StoredCoupon[],
  grants: readonly Pick<StoredCoupon, 'sequence' | 'userId'>[],
): void {
  if (rows.length !== grants.length) throw new Error(`${rows.length} coupons were stored of ${grants.length} grants`);
  const holders = new Map(rows.map(({ sequence, userId }) => [sequence, userId]));
  for (const { sequence, userId } of grants) {
    const holder = holders.get(sequence);
    if (holder !== userId)
      throw new Error(`coupon ${sequence} is ${holder ?? 'nobody'}'s, and was granted to ${userId}`);
  }
}

/** Rows of one transaction together, in the order of the transactions: the time is taken once for each. */
export function batchesOf<Row extends Pick<StoredCoupon, 'issuedAt'>>(
  rows: readonly Row[],
): readonly (readonly Row[])[] {
  return [...Map.groupBy(rows, ({ issuedAt }) => issuedAt).values()];
}
