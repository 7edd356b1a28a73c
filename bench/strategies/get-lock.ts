import type { PoolConnection, RowDataPacket } from 'mysql2/promise';
import { giveIfAnyIsLeft, inTransaction, poolOf, withConnection } from './coupon-table.ts';
import type { Strategy } from './strategy.ts';

const WAIT_SECONDS = 10;

/** A lock by name, which MySQL gives to one connection at a time and takes back when that ends. */
export const getLock: Strategy = {
  name: 'get-lock',
  title: 'GET_LOCK',
  uniqueUsers: false,
  async open({ mysql }) {
    const pool = poolOf(mysql);
    return (campaign, userId) =>
      withConnection(pool, (connection) =>
        locked(connection, `coupons of ${campaign.id}`, () =>
          inTransaction(connection, () => giveIfAnyIsLeft(connection, campaign, userId)),
        ),
      );
  },
};

/** Around the transaction: released inside it, the next would count without what is not committed yet. */
async function locked<T>(connection: PoolConnection, name: string, work: () => Promise<T>): Promise<T> {
  const ask = 'select get_lock(?, ?) as got';
  const [rows] = await connection.execute<({ readonly got: number } & RowDataPacket)[]>(ask, [name, WAIT_SECONDS]);
  if (rows[0]?.got !== 1) throw new Error(`the lock was not free for ${WAIT_SECONDS} s`);
  try {
    return await work();
  } finally {
    await connection.execute('select release_lock(?)', [name]);
  }
}
