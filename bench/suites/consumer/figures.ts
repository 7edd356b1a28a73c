import { type Figure, reading } from '../../suite.ts';

const over =
  (first: Figure['of'], second: Figure['of']): Figure['of'] =>
  (readings) =>
    first(readings) / second(readings);

const slowerReference: Figure['of'] = (readings) =>
  Math.min(reading('consume-only-rate')(readings), reading('bulk-insert-rate')(readings));

const figure = (name: string, title: string, unit: string): Figure => ({ name, title, unit, of: reading(name) });

export const CONSUMER_FIGURES: readonly Figure[] = [
  {
    name: 'consumer-vs-slower-reference',
    title: 'consumer, against the slower of bare consume and bare insert',
    unit: 'ratio',
    goal: { atLeast: 0.85 },
    of: over(reading('consumer-rate'), slowerReference),
  },
  {
    name: 'consumer-vs-row-by-row',
    title: 'consumer, against saves row by row',
    unit: 'ratio',
    goal: { atLeast: 15 },
    of: over(reading('consumer-rate'), reading('row-by-row-rate')),
  },
  figure('consumer-rate', 'coupons stored by the consumer', '1/s'),
  figure('consumer-first-batch', 'events visible to first transaction begun', 'ms'),
  figure('consume-only-rate', 'events consumed, and nothing done', '1/s'),
  figure('bulk-insert-rate', 'rows inserted in the same batches', '1/s'),
  figure('row-by-row-rate', 'rows saved one by one', '1/s'),
  figure('consumer-cpu', 'CPU per coupon: consumer', 'µs'),
  figure('consumer-mysql-cpu', 'CPU per coupon: MySQL', 'µs'),
  figure('consumer-kafka-cpu', 'CPU per coupon: Kafka', 'µs'),
  figure('bulk-insert-mysql-cpu', 'CPU per row: MySQL, rows inserted only', 'µs'),
  figure('consumer-batch-median', 'rows in a transaction: median', 'rows'),
  figure('consumer-batch-least', 'rows in a transaction: least', 'rows'),
  figure('consumer-batch-most', 'rows in a transaction: most', 'rows'),
];
