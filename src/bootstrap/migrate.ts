import 'reflect-metadata';
import { makeOrm, migrate } from '../adapters/mikro-orm/orm.ts';
import { readMigrationConfig } from './config.ts';
import { configured } from './entry.ts';

const config = configured(readMigrationConfig);
const orm = makeOrm(config.MYSQL_URL);
try {
  await orm.connect();
  await migrate(orm);
  console.log('The database has every migration.');
} catch (error) {
  console.error(`The migrations could not be run: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
} finally {
  await orm.close();
}
