import { createRequire } from 'node:module';
import type { ProduceOptions } from '../../../src/adapters/kafka/produce-request.ts';

interface Request {
  encode(): Promise<{ readonly buffer: Buffer }>;
}

/** The request itself: what is looked up by its version the service replaces for the whole process. */
const request: (options: ProduceOptions) => Request = createRequire(import.meta.url)(
  'kafkajs/src/protocol/requests/produce/v7/request',
);

export const encodeByKafkajs = (options: ProduceOptions): ReturnType<Request['encode']> =>
  request({ ...options, producerId: -1 }).encode();
