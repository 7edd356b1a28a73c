import { randomBytes } from 'node:crypto';
import type { MikroORM } from '@mikro-orm/mysql';
import { afterAll, beforeAll } from 'vitest';
import { Database } from '../../src/adapters/mikro-orm/database.ts';
import { MikroOrmCampaignRepository } from '../../src/adapters/mikro-orm/mikro-orm-campaign-repository.ts';
import { MikroOrmCouponRepository } from '../../src/adapters/mikro-orm/mikro-orm-coupon-repository.ts';
import { MikroOrmFailedEventStore } from '../../src/adapters/mikro-orm/mikro-orm-failed-event-store.ts';
import { MikroOrmIncarnations } from '../../src/adapters/mikro-orm/mikro-orm-incarnations.ts';
import { MikroOrmIssuanceRecords } from '../../src/adapters/mikro-orm/mikro-orm-issuance-records.ts';
import { MikroOrmReconciliationReports } from '../../src/adapters/mikro-orm/mikro-orm-reconciliation-reports.ts';
import { MikroOrmRecordedHoldings } from '../../src/adapters/mikro-orm/mikro-orm-recorded-holdings.ts';
import { MikroOrmVoids } from '../../src/adapters/mikro-orm/mikro-orm-voids.ts';
import { makeOrm, migrate } from '../../src/adapters/mikro-orm/orm.ts';
import { type PermanentRecord, SetClock } from './permanent-record.ts';
import { services } from './services.ts';

/** A fresh, migrated database on the shared server. */
export interface MysqlDatabase {
  readonly url: string;
  readonly orm: MikroORM;
  readonly database: Database;
  /** A statement of the test itself. */
  run<T>(sql: string, parameters?: readonly unknown[]): Promise<T>;
  drop(): Promise<void>;
}

async function makeMysqlDatabase(mysqlUrl: string): Promise<MysqlDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  const url = new URL(mysqlUrl);
  // A database that every server has.
  url.pathname = 'information_schema';
  const server = makeOrm(String(url));
  await server.connect();
  await server.em.execute(`create database ${name}`);
  url.pathname = name;
  const orm = makeOrm(String(url));
  await orm.connect();
  await migrate(orm);
  return {
    url: String(url),
    orm,
    database: new Database(orm),
    run: async <T>(sql: string, parameters: readonly unknown[] = []) =>
      (await orm.em.fork().execute(sql, [...parameters])) as T,
    async drop() {
      await server.em.execute(`drop database ${name}`);
      await orm.close();
      await server.close();
    },
  };
}

/** One such database for the suite that calls it, dropped when that ends. */
export function useMysqlDatabase(): () => MysqlDatabase {
  let made: MysqlDatabase | undefined;
  beforeAll(async () => {
    made = await makeMysqlDatabase(services().mysqlUrl);
  });
  afterAll(() => made?.drop());
  return () => {
    if (made === undefined) throw new Error('the database is made before the first test');
    return made;
  };
}

/** Every port of the permanent record over that database. */
export function mysqlRecord({ database, run }: MysqlDatabase): PermanentRecord {
  const clock = new SetClock();
  return {
    clock,
    campaigns: new MikroOrmCampaignRepository(database),
    coupons: new MikroOrmCouponRepository(database, clock),
    failedEvents: new MikroOrmFailedEventStore(database, clock),
    voids: new MikroOrmVoids(database),
    issuance: new MikroOrmIssuanceRecords(database),
    incarnations: new MikroOrmIncarnations(database),
    holdings: new MikroOrmRecordedHoldings(database),
    reports: new MikroOrmReconciliationReports(database, clock),
    async burn(campaignId, sequence, userId) {
      const columns = 'campaign_id, sequence, user_id, reason, burnt_at';
      const row = [campaignId, sequence, userId, 'void', new Date(clock.now())];
      await run(`insert into burnt_sequences (${columns}) values (?, ?, ?, ?, ?)`, row);
      await run('update campaigns set ceiling = ceiling + 1 where id = ?', [campaignId]);
    },
  };
}
