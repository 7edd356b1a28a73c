import { expect } from 'vitest';
import type { Account, CouponClient } from './coupon-client.ts';
import { eventually } from './eventually.ts';
import type { Answer } from './load.ts';
import type { Stores } from './stores.ts';
import { overtaken, sequencesTold } from './told.ts';

/**
 * Waits until a campaign is at rest, and checks that nothing was lost, made twice, or promised and not kept:
 * whoever was told a sequence has the coupon of it, and the counter and the record agree user by user.
 */
export async function expectWhole(
  campaignId: string,
  answers: readonly Answer[],
  { client, stores }: { readonly client: CouponClient; readonly stores: Stores },
): Promise<Account> {
  const told = sequencesTold(answers);
  expect(overtaken(answers)).toEqual([]);
  const account = await eventually(async () => {
    const now = await client.account(campaignId);
    expect(now).toMatchObject({ pending: 0, inFlight: 0, failed: 0, unaccounted: 0, lag: 0 });
    expect(now.issued).toBe(now.granted);
    return now;
  }, 30_000);
  const recorded = await stores.recorded(campaignId);
  expect(recorded.size).toBe(account.issued);
  expect(new Map([...told].map(([userId]) => [userId, recorded.get(userId)]))).toEqual(told);
  expect(await stores.counted(campaignId)).toEqual(recorded);
  return account;
}
