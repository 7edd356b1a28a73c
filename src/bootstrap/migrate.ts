import 'reflect-metadata';
import { connected, makeOrm, migrate } from '../adapters/mikro-orm/orm.ts';
import { readMigrationConfig } from './config.ts';
import { configured } from './entry.ts';

const config = configured(readMigrationConfig);
const orm = makeOrm(config.MYSQL_URL);
try {
  const applied = await migrate(await connected(orm));
  console.log(applied.length > 0 ? `Applied ${applied.join(', ')}.` : 'The database has every migration already.');
} catch (error) {
  console.error(`The migrations could not be run: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
} finally {
  await orm.close();
}
