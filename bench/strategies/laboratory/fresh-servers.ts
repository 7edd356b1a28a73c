import { Redis } from 'ioredis';
import { createConnection } from 'mysql2/promise';
import type { ServerStack } from '../../../test/support/own-servers.ts';
import { randomName } from '../../../test/support/random.ts';

/** Empties Redis, its scripts included, and makes a database that nobody has used. */
export async function freshDatabase(servers: ServerStack, statements: readonly string[] = []): Promise<string> {
  const redis = new Redis(servers.redisUrl);
  await redis.flushall();
  await redis.script('FLUSH');
  redis.disconnect();
  const database = randomName('lab').replace('-', '_');
  const connection = await createConnection({ uri: servers.mysqlUrl('mysql') });
  await connection.query(`create database ${database}`);
  await connection.changeUser({ database });
  for (const statement of statements) await connection.query(statement);
  await connection.end();
  return database;
}

export async function dropDatabase(servers: ServerStack, database: string): Promise<void> {
  const connection = await createConnection({ uri: servers.mysqlUrl('mysql') });
  await connection.query(`drop database ${database}`);
  await connection.end();
}
