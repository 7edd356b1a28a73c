import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Installation } from './installation.ts';

const run = promisify(execFile);
const KAFKA_JAR = /\/kafka_[0-9.]+-([0-9.]+)\.jar/;

/** Of everything that was measured. */
export async function versionsOf(installation: Installation): Promise<Readonly<Record<string, string>>> {
  const [mysql] = await installation.sql<{ version: string }>('select version() as version');
  const redis = /redis_version:(\S+)/.exec(await installation.stores.redis.info('server'))?.[1];
  return {
    node: process.versions.node,
    redis: redis ?? 'unknown',
    mysql: mysql?.version ?? 'unknown',
    kafka: await kafkaVersion(installation),
    ...(await packageVersions()),
  };
}

/** A broker tells its clients what it understands, not what it is; its jars have it in their names. */
async function kafkaVersion(installation: Installation): Promise<string> {
  const [pid] = (await installation.pids()).kafka;
  const commandLine = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0');
  const classPath = commandLine[commandLine.indexOf('-cp') + 1] ?? '';
  const jars = await readdir(classPath.replace(/\*$/, ''));
  return jars.map((jar) => KAFKA_JAR.exec(`/${jar}`)?.[1]).find((version) => version !== undefined) ?? 'unknown';
}

export async function packageVersions(): Promise<Readonly<Record<string, string>>> {
  const { dependencies }: { dependencies: Record<string, string> } = await readJson('package.json');
  const names = [...Object.keys(dependencies), 'mysql2'];
  const versions = await Promise.all(
    names.map(
      async (name) => (await readJson<{ version: string }>(join('node_modules', name, 'package.json'))).version,
    ),
  );
  return Object.fromEntries(names.map((name, index) => [name, versions[index] ?? 'unknown']));
}

const readJson = async <Content>(path: string): Promise<Content> => JSON.parse(await readFile(path, 'utf8'));

/** Abbreviated, and ends in `-dirty` where the files are not those of the commit. */
export async function commitOf(): Promise<string> {
  try {
    return (await run('git', ['describe', '--always', '--dirty', '--exclude', '*'])).stdout.trim();
  } catch {
    return 'unknown';
  }
}
