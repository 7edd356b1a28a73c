import { CouponClient } from '../support/coupon-client.ts';
import { randomName } from '../support/random.ts';

const LIMIT = 3;
const USERS = ['1', '2', '3', '4', '5'];
const EXPECTED = '202 202 202 409 409';

/** What is wrong with a campaign that begins and sells out now; null: nothing. */
export async function complaintAfterwards(port: number, adminToken: string): Promise<string | null> {
  const client = new CouponClient(`http://127.0.0.1:${port}`, adminToken);
  const id = randomName('afterwards');
  const created = await client.createCampaign(id, LIMIT);
  if (created.status !== 201) return `a campaign is created with ${created.status}`;
  const statuses: number[] = [];
  for (const userId of USERS) statuses.push((await client.apply(id, userId)).status);
  return statuses.join(' ') === EXPECTED ? null : `${LIMIT} coupons are given with ${statuses.join(' ')}`;
}
