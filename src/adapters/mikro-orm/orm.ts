import { Migrator } from '@mikro-orm/migrations';
import { MikroORM } from '@mikro-orm/mysql';
import { CampaignRow } from './campaign-row.ts';
import { CouponRow } from './coupon-row.ts';
import { FailedEventRow } from './failed-event-row.ts';
import { FailedEventStepRow } from './failed-event-steps.ts';
import { FirstTables } from './first-tables.ts';
import { SecondTables } from './second-tables.ts';

export const MIGRATIONS = [
  { name: '2026-11-22-first-tables', class: FirstTables },
  { name: '2026-11-22-second-tables', class: SecondTables },
];
export const MIGRATIONS_TABLE = 'migrations';

/**
 * Connects to nothing yet: see `connected`.
 *
 * @param url `mysql://user:password@host:port/database`
 */
export const makeOrm = (url: string): MikroORM =>
  new MikroORM({
    clientUrl: url,
    entities: [CampaignRow, CouponRow, FailedEventRow, FailedEventStepRow],
    extensions: [Migrator],
    migrations: {
      migrationsList: MIGRATIONS,
      tableName: MIGRATIONS_TABLE,
      snapshot: false,
      transactional: false,
      silent: true,
    },
    timezone: 'Z',
    forceUtcTimezone: true,
    pool: { min: 0, max: 10, idleTimeoutMillis: 30_000 },
    driverOptions: { connectTimeout: 2_000 },
  });

const connecting = new WeakMap<MikroORM, Promise<unknown>>();

/**
 * Resolves when the database could be reached once. Whoever asks MikroORM for anything awaits this first: its own
 * connecting on demand makes a pool for each of the queries that come first together.
 */
export async function connected(orm: MikroORM): Promise<MikroORM> {
  const pending = connecting.get(orm) ?? orm.connect();
  connecting.set(orm, pending);
  try {
    await pending;
    return orm;
  } catch (error) {
    connecting.delete(orm);
    throw error;
  }
}

/** Runs the migrations that are missing, and answers their names. */
export async function migrate(orm: MikroORM): Promise<readonly string[]> {
  const applied = await orm.migrator.up();
  return applied.map(({ name }) => name);
}
