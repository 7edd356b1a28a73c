import { makeOrm } from '../../src/adapters/mikro-orm/orm.ts';
import { severalAtOnce } from '../../src/application/several-at-once.ts';
import type { CouponClient } from '../../test/support/coupon-client.ts';

const ROWS_AT_ONCE = 100_000;
const AT_ONCE = 8;

/** User ids that leave no gap to be guessed at, and are longer than a double can hold. */
const FIRST_USER = 4_000_000_000_000_000_000n;

/** Creates campaigns through the service and fills them directly: a million applications would take minutes. */
export async function fillCampaigns(
  client: CouponClient,
  mysqlUrl: string,
  { campaigns, users }: { readonly campaigns: number; readonly users: number },
): Promise<readonly string[]> {
  const ids = Array.from({ length: campaigns }, (_, index) => `bench-${index}`);
  await severalAtOnce(AT_ONCE, ids, async (id) => {
    const { status } = await client.createCampaign(id, 2 * users);
    if (status !== 201) throw new Error(`PUT of ${id} is answered ${status}`);
  });
  const orm = makeOrm(mysqlUrl);
  await orm.connect();
  try {
    await severalAtOnce(AT_ONCE, ids, async (id) => {
      for (let from = 0; from < users; from += ROWS_AT_ONCE) {
        await orm.em.fork().execute(FILL, [from + 1, Math.min(users, from + ROWS_AT_ONCE), id]);
      }
    });
  } finally {
    await orm.close();
  }
  return ids;
}

const FILL = `insert /*+ SET_VAR(cte_max_recursion_depth = ${ROWS_AT_ONCE}) */ into coupons (campaign_id, sequence, user_id, issued_at)
  with recursive numbers as (select ? as n union all select n + 1 from numbers where n < ?)
  select ?, n, ${FIRST_USER} + n, now(3) from numbers`;
