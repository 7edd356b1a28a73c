import type { MikroORM } from '@mikro-orm/mysql';
import { CouponRow } from '../../../src/adapters/mikro-orm/coupon-row.ts';
import { makeOrm } from '../../../src/adapters/mikro-orm/orm.ts';
import { randomCampaignId } from '../../../test/support/random.ts';
import type { Installation } from '../../support/installation.ts';
import type { StoredCoupon } from '../stored-coupons.ts';

type Row = Pick<StoredCoupon, 'sequence' | 'userId'>;

const DATABASE = 'bench';
const INSERT = 'insert into coupons (campaign_id, sequence, user_id, issued_at) values ?';

/**
 * A table like the service's, in a database of its own on the same server, and two ways to fill it without the service.
 * Rows go to another campaign each time, so that the same ones can be stored again.
 */
export class BareRecord {
  readonly #orm: MikroORM;

  private constructor(orm: MikroORM) {
    this.#orm = orm;
  }

  static async create(installation: Installation): Promise<BareRecord> {
    const { database, servers } = installation.deployment;
    await installation.sql(`create database if not exists ${DATABASE}`);
    await installation.sql(`create table if not exists ${DATABASE}.coupons like ${database}.coupons`);
    const orm = makeOrm(servers.mysqlUrl(DATABASE));
    await orm.connect();
    return new BareRecord(orm);
  }

  /** Plain mysql2: each batch is one statement that commits itself, sorted as the service sorts it. Answers seconds. */
  async insertInBulk(batches: readonly (readonly Row[])[]): Promise<number> {
    const id = randomCampaignId();
    const mysql = await this.#orm.em.getConnection().getNativeClient();
    const connection = await mysql.promise().getConnection();
    try {
      let inserted = 0;
      const startedAt = performance.now();
      for (const batch of batches) {
        const values = batch.map(({ sequence, userId }) => [id, sequence, userId, new Date()]);
        const [result] = await connection.query(INSERT, [values]);
        if ('affectedRows' in result) inserted += result.affectedRows;
      }
      const seconds = (performance.now() - startedAt) / 1_000;
      const expected = batches.flat().length;
      if (inserted !== expected) throw new Error(`${inserted} of ${expected} rows were inserted`);
      return seconds;
    } finally {
      connection.release();
    }
  }

  /** MikroORM's way for one entity, a row after the other. Answers seconds. */
  async saveEach(rows: readonly Row[]): Promise<number> {
    const campaignId = randomCampaignId();
    const startedAt = performance.now();
    for (const { sequence, userId } of rows) {
      const em = this.#orm.em.fork();
      em.persist(em.create(CouponRow, { campaignId, sequence, userId, issuedAt: new Date() }));
      await em.flush();
    }
    return (performance.now() - startedAt) / 1_000;
  }

  close(): Promise<void> {
    return this.#orm.close(true);
  }
}
