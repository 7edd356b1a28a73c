import 'reflect-metadata';
import { Container } from 'inversify';
import { listen } from '../adapters/http/listen.ts';
import { readConsumerConfig } from './config.ts';
import { aborted, configured, shutDown, stopSignal } from './entry.ts';
import { CONSUMER_PAGES, consumerPages } from './http.ts';
import { CONSUMER, KAFKA_ADMIN, kafka, PUBLISHER } from './kafka.ts';
import { leaderTasks } from './leader-tasks.ts';
import { mikroOrm, ORM } from './mikro-orm.ts';
import { EDGE_LOG, node } from './node.ts';
import { REDIS, redis } from './redis.ts';
import { TOKENS } from './tokens.ts';
import { useCases } from './use-cases.ts';
import { resolve } from './wiring.ts';

const config = configured(readConsumerConfig);
const stopping = stopSignal();

const container = new Container();
container.load(
  node('consumer', config.LOG_LEVEL),
  redis(config.REDIS_URL),
  kafka(config, 'coupon-consumer'),
  mikroOrm(config.MYSQL_URL),
  useCases,
  leaderTasks,
  consumerPages,
);
const log = resolve(container, EDGE_LOG);
const publisher = resolve(container, PUBLISHER);
const consumer = resolve(container, CONSUMER);

// Alive at once, ready when the servers are: each of them is waited for in the background.
const server = await listen(resolve(container, CONSUMER_PAGES), { host: config.HOST, port: config.CONSUMER_PORT });
log.info('listening', { host: config.HOST, port: server.port });
publisher.connect();
consumer.start();
const watching = resolve(container, TOKENS.watchDependencies).execute(stopping);
const leading = resolve(container, TOKENS.lead).execute(stopping);

await aborted(stopping);
await shutDown(log, config.SHUTDOWN_TIMEOUT_MS, [
  ['consumer', () => consumer.stop()],
  ['leader', () => leading],
  ['publisher', () => publisher.disconnect()],
  ['watch', () => watching],
  ['http', () => server.close()],
  ['kafka', () => resolve(container, KAFKA_ADMIN).disconnect()],
  ['redis', async () => resolve(container, REDIS).disconnect()],
  ['mysql', () => resolve(container, ORM).close()],
]);
