import { availableParallelism } from 'node:os';
import { type Figure, type Goal, reading } from '../../suite.ts';

const over =
  (first: string, second: string): Figure['of'] =>
  (readings) =>
    reading(first)(readings) / reading(second)(readings);

const figure = (name: string, title: string, unit: string, of: Figure['of'], goal?: Goal): Figure => ({
  name,
  title,
  unit,
  of,
  ...(goal && { goal }),
});
const rate = (name: string, title: string): Figure => figure(name, title, '1/s', reading(name));
const cost = (name: string, title: string, of: string): Figure => figure(name, title, 'µs', reading(of));
const cores = (name: string, title: string): Figure => figure(name, title, 'cores', reading(name));

const PARTS = ['api', 'consumer', 'redis', 'kafka', 'mysql', 'generator'] as const;
/** CPU for an accepted application, of all processes together. */
const costOfAll: Figure['of'] = (readings) =>
  PARTS.reduce((sum, part) => sum + reading(`accepted-${part}-µs`)(readings), 0);
const MICROSECONDS = 1_000_000;

export const API_FIGURES: readonly Figure[] = [
  figure('accepted-vs-koa', 'accepted / Koa + router without work', 'ratio', over('accepted-rate', 'koa-rate'), {
    atLeast: 0.5,
  }),
  figure('refused-vs-koa', 'refused / Koa + router without work', 'ratio', over('refused-rate', 'koa-rate'), {
    atLeast: 0.8,
  }),
  figure(
    'accepted-cpu-vs-koa',
    'API CPU per accepted / per request of Koa + router',
    'ratio',
    over('accepted-api-µs', 'koa-server-µs'),
    { atMost: 1.6 },
  ),
  figure(
    'refused-cpu-vs-koa',
    'API CPU per refused / per request of Koa + router',
    'ratio',
    over('refused-api-µs', 'koa-server-µs'),
  ),
  rate('accepted-rate', 'accepted'),
  rate('refused-rate', 'refused'),
  rate('koa-rate', 'Koa + router without work'),
  rate('raw-rate', 'raw node:http'),
  figure('koa-vs-raw', 'Koa + router / raw node:http', 'ratio', over('koa-rate', 'raw-rate')),
  cost('cpu-api', 'CPU per accepted: API', 'accepted-api-µs'),
  cost('cpu-consumer', 'CPU per accepted: consumer', 'accepted-consumer-µs'),
  cost('cpu-redis', 'CPU per accepted: Redis', 'accepted-redis-µs'),
  cost('cpu-kafka', 'CPU per accepted: Kafka', 'accepted-kafka-µs'),
  cost('cpu-mysql', 'CPU per accepted: MySQL', 'accepted-mysql-µs'),
  cost('cpu-generator', 'CPU per accepted: generator', 'accepted-generator-µs'),
  figure('cpu-all', 'CPU per accepted: all of them', 'µs', costOfAll),
  figure(
    'accepted-cores',
    'cores that all of them take, accepting',
    'cores',
    (readings) => (reading('accepted-rate')(readings) * costOfAll(readings)) / MICROSECONDS,
  ),
  figure(
    'accepted-bound-vs-koa',
    'accepted / Koa + router, were every core busy with it',
    'ratio',
    (readings) => (availableParallelism() * MICROSECONDS) / costOfAll(readings) / reading('koa-rate')(readings),
  ),
  cost('cpu-api-refused', 'CPU per refused: API', 'refused-api-µs'),
  cost('cpu-redis-refused', 'CPU per refused: Redis', 'refused-redis-µs'),
  cost('cpu-koa', 'CPU per request: Koa + router', 'koa-server-µs'),
  cost('cpu-raw', 'CPU per request: raw node:http', 'raw-server-µs'),
  cost('cpu-generator-raw', 'CPU per request: generator, of raw node:http', 'raw-generator-µs'),
  cores('raw-server-cores', 'cores that raw node:http takes'),
  cores('raw-generator-cores', 'cores that the generator takes then'),
  cores('accepted-api-cores', 'cores that the API takes, accepting'),
  cores('accepted-generator-cores', 'cores that the generator takes then'),
];
