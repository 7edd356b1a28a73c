import 'reflect-metadata';
import { Container } from 'inversify';
import { listen } from '../adapters/http/listen.ts';
import { readApiConfig } from './config.ts';
import { aborted, configured, shutDown, stopSignal } from './entry.ts';
import { API, api } from './http.ts';
import { KAFKA_ADMIN, kafka, PUBLISHER } from './kafka.ts';
import { mikroOrm, ORM } from './mikro-orm.ts';
import { EDGE_LOG, node } from './node.ts';
import { REDIS, redis } from './redis.ts';
import { TOKENS } from './tokens.ts';
import { useCases } from './use-cases.ts';
import { resolve } from './wiring.ts';

const config = configured(readApiConfig);
const stopping = stopSignal();

const container = new Container();
container.load(
  node('api', config.LOG_LEVEL),
  redis(config.REDIS_URL),
  kafka(config, 'coupon-api'),
  mikroOrm(config.MYSQL_URL),
  useCases,
  api(config.ADMIN_TOKEN, config.MAX_IN_FLIGHT),
);
const log = resolve(container, EDGE_LOG);
const publisher = resolve(container, PUBLISHER);

// Alive at once, ready when the servers are: each of them is waited for in the background.
const { app, refuseEarly } = resolve(container, API);
const server = await listen(app, { host: config.HOST, port: config.PORT, refuseEarly });
log.info('listening', { host: config.HOST, port: server.port });
publisher.connect();
const watching = resolve(container, TOKENS.watchDependencies).execute(stopping);

await aborted(stopping);
await shutDown(log, config.SHUTDOWN_TIMEOUT_MS, [
  ['http', () => server.close()],
  ['publisher', () => publisher.disconnect()],
  ['watch', () => watching],
  ['kafka', () => resolve(container, KAFKA_ADMIN).disconnect()],
  ['redis', async () => resolve(container, REDIS).disconnect()],
  ['mysql', () => resolve(container, ORM).close()],
]);
