import { connect } from 'node:net';
import type { TestProject } from 'vitest/node';
import { missingPrograms } from './missing-programs.ts';

/** Where the real servers of this run are. */
export interface Services {
  readonly redisUrl: string;
  readonly kafkaBrokers: string;
  readonly mysqlUrl: string;
}

declare module 'vitest' {
  export interface ProvidedContext {
    services: Services | null;
    /** Whether tests can start servers of their own. */
    canStartServers: boolean;
  }
}

const isListening = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 1_000 });
    const answer = (listening: boolean) => {
      socket.destroy();
      resolve(listening);
    };
    socket.once('connect', () => answer(true));
    socket.once('timeout', () => answer(false));
    socket.once('error', () => answer(false));
  });

const reaches = (url: string, standardPort: number): Promise<boolean> => {
  const { hostname, port } = new URL(url.includes('://') ? url : `tcp://${url}`);
  return isListening(hostname, port === '' ? standardPort : Number(port));
};

/** Looks once for the servers; suites that need them skip, or with REQUIRE_SERVICES=1 the run fails. */
export default async function probeServices(project: TestProject): Promise<void> {
  const services: Services = {
    redisUrl: process.env['REDIS_URL'] ?? 'redis://127.0.0.1:6379',
    kafkaBrokers: process.env['KAFKA_BROKERS'] ?? '127.0.0.1:9092',
    mysqlUrl: process.env['MYSQL_URL'] ?? 'mysql://root@127.0.0.1:3306/coupon',
  };
  const reached = await Promise.all([
    reaches(services.redisUrl, 6379),
    reaches(services.kafkaBrokers.split(',')[0] ?? '', 9092),
    reaches(services.mysqlUrl, 3306),
  ]);
  const missing = ['Redis', 'Kafka', 'MySQL'].filter((_, index) => !reached[index]);
  const programs = missingPrograms();
  project.provide('services', missing.length === 0 ? services : null);
  project.provide('canStartServers', programs.length === 0);
  const reasons = [
    ...(missing.length > 0 ? [`${missing.join(', ')} cannot be reached (npm run services -- start)`] : []),
    ...(programs.length > 0 ? [`${programs.join(', ')} not installed (npm run services -- install)`] : []),
  ];
  if (reasons.length === 0) return;
  if (process.env['REQUIRE_SERVICES'] === '1') throw new Error(`REQUIRE_SERVICES=1, and ${reasons.join('; ')}`);
  console.log(`Skipping the suites that need real servers: ${reasons.join('; ')}`);
}
