import { afterAll, beforeAll } from 'vitest';
import { type MysqlDatabase, useMysqlDatabase } from '../support/mysql-database.ts';
import { RedisServer } from '../support/redis-server.ts';
import { services } from '../support/services.ts';
import { RealInstallation } from './real-installation.ts';

interface OnRealServers {
  readonly server: RedisServer;
  readonly database: MysqlDatabase;
  readonly installation: RealInstallation;
}

/** An installation for the suite that calls it, on a Redis server and a database of its own. */
export function useRealInstallation(): () => OnRealServers {
  const database = useMysqlDatabase();
  let server: RedisServer | undefined;
  let installation: RealInstallation | undefined;
  beforeAll(async () => {
    server = await RedisServer.start();
    installation = await RealInstallation.start(server.url, services().kafkaBrokers, database().url);
  });
  afterAll(async () => {
    await installation?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
  });
  return () => {
    if (server === undefined || installation === undefined) throw new Error('it is started before the first test');
    return { server, database: database(), installation };
  };
}
