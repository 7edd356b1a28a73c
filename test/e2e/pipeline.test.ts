import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CouponClient } from '../support/coupon-client.ts';
import { Deployment } from '../support/deployment.ts';
import { eventually } from '../support/eventually.ts';
import { play } from '../support/load.ts';
import { randomCampaignId } from '../support/random.ts';
import { shuffled } from '../support/seeded.ts';
import { describeOnOwnServers } from '../support/server-stack.ts';
import { Stores } from '../support/stores.ts';
import { overtaken, sequencesTold, tally } from '../support/told.ts';

const LIMIT = 10_000;
const USERS = 40_000;
const DUPLICATES = 10_000;

/** A JSON number would make it 9007199254740992. */
const ABOVE_DOUBLES = '9007199254740993';

await describeOnOwnServers('a burst of applications', (servers) => {
  let deployment: Deployment;
  let client: CouponClient;
  let stores: Stores;

  beforeAll(async () => {
    deployment = await Deployment.start(servers);
    client = deployment.client();
    stores = new Stores(deployment);
  });

  afterAll(async () => {
    await stores?.[Symbol.asyncDispose]();
    await deployment?.stop();
  });

  const settled = (campaignId: string, issued: number) =>
    eventually(async () => {
      const account = await client.account(campaignId);
      expect(account).toMatchObject({ issued, pending: 0, inFlight: 0, failed: 0, burnt: 0, unaccounted: 0 });
      return account;
    }, 30_000);

  it('gives each coupon to one of the first users, whatever is asked and how often', { timeout: 170_000 }, async () => {
    const campaignId = randomCampaignId();
    expect(await client.createCampaign(campaignId, LIMIT)).toMatchObject({ status: 201 });
    const users = Array.from({ length: USERS }, (_, index) => String(2n ** 53n + BigInt(index)));
    const presses = [...users, ...users.slice(0, DUPLICATES)].map((userId) => ({ campaignId, userId }));

    const answers = await play(shuffled(presses, 20_261_122), {
      urls: deployment.urls,
      connections: 200,
      within: 90_000,
    });

    const told = sequencesTold(answers);
    expect(answers).toHaveLength(USERS + DUPLICATES);
    expect(told.size).toBe(LIMIT);
    expect([...told.values()].toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: LIMIT }, (_, index) => index + 1),
    );
    expect(Object.keys(tally(answers)).toSorted()).toEqual(['200', '202', '409 sold-out']);
    expect(answers.filter(({ userId, sequence }) => sequence === null && told.has(userId))).toEqual([]);
    expect(overtaken(answers)).toEqual([]);

    expect(await settled(campaignId, LIMIT)).toMatchObject({ granted: LIMIT, state: 'sold-out' });
    expect(await stores.recorded(campaignId)).toEqual(told);
    expect(await stores.counted(campaignId)).toEqual(told);
    expect(await stores.published(campaignId)).toEqual(told);
    expect(await stores.pending(campaignId)).toBe(0);
  });

  it('shows a user the coupon of his application, with an id that no double can hold', async () => {
    const campaignId = randomCampaignId();
    const other = String(BigInt(ABOVE_DOUBLES) - 1n);
    await client.createCampaign(campaignId, 2);
    const accepted = { campaignId, userId: ABOVE_DOUBLES, sequence: 1, status: 'accepted' };

    expect(await client.apply(campaignId, ABOVE_DOUBLES)).toEqual({
      status: 202,
      body: { ...accepted, finalBy: expect.any(String) },
    });
    expect(await client.apply(campaignId, other)).toMatchObject({ status: 202, body: { userId: other, sequence: 2 } });
    await settled(campaignId, 2);

    const issued = { ...accepted, status: 'issued', couponId: `${campaignId}/1`, issuedAt: expect.any(String) };
    expect(await client.application(campaignId, ABOVE_DOUBLES)).toEqual({ status: 200, body: issued });
    expect((await client.coupons(ABOVE_DOUBLES)).body.items[0]).toEqual({
      couponId: `${campaignId}/1`,
      campaignId,
      userId: ABOVE_DOUBLES,
      sequence: 1,
      issuedAt: expect.any(String),
    });
    const holders = new Map([
      [ABOVE_DOUBLES, 1],
      [other, 2],
    ]);
    expect(await stores.counted(campaignId)).toEqual(holders);
    expect(await stores.published(campaignId)).toEqual(holders);
    expect(await stores.recorded(campaignId)).toEqual(holders);
  });
});
