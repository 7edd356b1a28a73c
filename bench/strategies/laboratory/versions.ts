import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import type { ServerStack } from '../../../test/support/own-servers.ts';

const PACKAGES = ['koa', '@koa/router', 'ioredis', 'kafkajs', 'mysql2'] as const;

export async function versionsOf(servers: ServerStack): Promise<Readonly<Record<string, string>>> {
  const packages = await Promise.all(PACKAGES.map(async (name) => [name, await packageVersion(name)] as const));
  return {
    node: process.versions.node,
    redis: await redisVersion(servers.redisUrl),
    mysql: await mysqlVersion(servers.mysqlUrl()),
    kafka: await kafkaVersion(servers.directory),
    ...Object.fromEntries(packages),
  };
}

async function packageVersion(name: string): Promise<string> {
  const { version }: { version: string } = JSON.parse(
    await readFile(join('node_modules', name, 'package.json'), 'utf8'),
  );
  return version;
}

async function redisVersion(url: string): Promise<string> {
  const redis = new Redis(url);
  const info = await redis.info('server');
  redis.disconnect();
  return /redis_version:(\S+)/.exec(info)?.[1] ?? 'unknown';
}

async function mysqlVersion(url: string): Promise<string> {
  const connection = await createConnection({ uri: url });
  const [rows] =
    await connection.query<({ readonly version: string } & RowDataPacket)[]>('select version() as version');
  await connection.end();
  return rows[0]?.version ?? 'unknown';
}

/** A broker does not tell what it is; its jars have it in their names. */
async function kafkaVersion(directory: string): Promise<string> {
  const pid = await readFile(join(directory, 'kafka', 'pid'), 'utf8');
  const commandLine = (await readFile(`/proc/${pid.trim()}/cmdline`, 'utf8')).split('\0');
  const jars = await readdir((commandLine[commandLine.indexOf('-cp') + 1] ?? '').replace(/\*$/, ''));
  return jars.map((jar) => /^kafka_[0-9.]+-([0-9.]+)\.jar$/.exec(jar)?.[1]).find(Boolean) ?? 'unknown';
}
