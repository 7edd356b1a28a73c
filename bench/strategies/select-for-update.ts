import type { PoolConnection, RowDataPacket } from 'mysql2/promise';
import { hasCoupon, insertCoupon, inTransaction, poolOf, withConnection } from './coupon-table.ts';
import type { Campaign, Decision, Strategy } from './strategy.ts';

const LOCK = 'select remaining from campaigns where id = ? for update';

/** The row of the campaign is locked until the commit: whoever wants a coupon of it waits for whoever is before. */
export const selectForUpdate: Strategy = {
  name: 'select-for-update',
  title: 'SELECT … FOR UPDATE',
  uniqueUsers: false,
  async open({ mysql }) {
    const pool = poolOf(mysql);
    return (campaign, userId) =>
      withConnection(pool, (connection) => inTransaction(connection, () => take(connection, campaign, userId)));
  },
};

/** The lock comes first: a plain read before it would fix what the transaction sees to a moment before its turn. */
async function take(connection: PoolConnection, campaign: Campaign, userId: string): Promise<Decision> {
  const [rows] = await connection.execute<({ readonly remaining: number } & RowDataPacket)[]>(LOCK, [campaign.id]);
  if (await hasCoupon(connection, campaign, userId)) return 'already';
  if ((rows[0]?.remaining ?? 0) === 0) return 'sold-out';
  await connection.execute('update campaigns set remaining = remaining - 1 where id = ?', [campaign.id]);
  await insertCoupon(connection, campaign.id, userId);
  return 'accepted';
}
