import { createPool, type Pool, type PoolConnection, type RowDataPacket } from 'mysql2/promise';
import type { Campaign, Decision } from './strategy.ts';

/** What each of the usual pools has unless told otherwise; all strategies have the same. */
const CONNECTIONS = 10;

export const poolOf = (url: string): Pool => createPool({ uri: url, connectionLimit: CONNECTIONS });

/** `remaining` is for the strategy that counts in the campaign's row. */
export const tables = (uniqueUsers: boolean): readonly string[] => [
  'create table campaigns (id varchar(63) primary key, remaining int not null)',
  `create table coupons (
    id bigint auto_increment primary key,
    campaign_id varchar(63) not null,
    user_id bigint not null,
    issued_at datetime(3) not null,
    ${uniqueUsers ? 'unique ' : ''}key by_user (campaign_id, user_id)
  )`,
];

/** Committed when `work` resolves, rolled back when it rejects. */
export async function inTransaction<T>(connection: PoolConnection, work: () => Promise<T>): Promise<T> {
  await connection.beginTransaction();
  try {
    const result = await work();
    await connection.commit();
    return result;
  } catch (error) {
    await connection.rollback();
    throw error;
  }
}

export async function withConnection<T>(pool: Pool, work: (connection: PoolConnection) => Promise<T>): Promise<T> {
  const connection = await pool.getConnection();
  try {
    return await work(connection);
  } finally {
    connection.release();
  }
}

export async function hasCoupon(connection: PoolConnection, { id }: Campaign, userId: string): Promise<boolean> {
  const look = 'select 1 from coupons where campaign_id = ? and user_id = ? limit 1';
  const [rows] = await connection.execute<RowDataPacket[]>(look, [id, userId]);
  return rows.length > 0;
}

async function countCoupons(connection: PoolConnection, { id }: Campaign): Promise<number> {
  const count = 'select count(*) as coupons from coupons where campaign_id = ?';
  const [rows] = await connection.execute<({ readonly coupons: number } & RowDataPacket)[]>(count, [id]);
  return rows[0]?.coupons ?? 0;
}

export async function insertCoupon(on: Pool | PoolConnection, campaignId: string, userId: string): Promise<void> {
  await on.execute('insert into coupons (campaign_id, user_id, issued_at) values (?, ?, now(3))', [campaignId, userId]);
}

/** Count, then insert: what is right for whoever is alone, which is what the locks are for. */
export async function giveIfAnyIsLeft(
  connection: PoolConnection,
  campaign: Campaign,
  userId: string,
): Promise<Decision> {
  if (await hasCoupon(connection, campaign, userId)) return 'already';
  if ((await countCoupons(connection, campaign)) >= campaign.limit) return 'sold-out';
  await insertCoupon(connection, campaign.id, userId);
  return 'accepted';
}
