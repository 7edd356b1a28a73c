import { createRequire } from 'node:module';
import type { Message } from 'kafkajs';
import { ByteWriter } from './byte-writer.ts';
import { writeRecordBatch } from './record-batch.ts';

/** What kafkajs hands to its own encoder. */
export interface ProduceOptions {
  readonly acks: number;
  readonly timeout: number;
  readonly compression?: number;
  readonly transactionalId?: string | null;
  /** Of an idempotent producer; −1: of none. */
  readonly producerId?: unknown;
  readonly topicData: readonly {
    readonly topic: string;
    readonly partitions: readonly { readonly partition: number; readonly messages: readonly Message[] }[];
  }[];
}

/** As much of kafkajs's `Encoder` as a request is asked for. */
interface Encoded {
  readonly buf: Buffer;
  readonly buffer: Buffer;
}

interface Protocol {
  readonly request: { readonly encode: () => Promise<Encoded> };
  readonly response: unknown;
}

interface ProduceDefinition {
  protocol: (choice: { readonly version: number }) => (options: ProduceOptions) => Protocol;
}

/** From here to version 7, the last that kafkajs speaks, requests have one form. */
const FIRST_VERSION = 3;

/**
 * kafkajs 2.2.4 allocates half a kilobyte, zeroed, for every record and every header. With this a produce request is
 * written in one piece, for a quarter of the CPU (`npm run bench:tries -- --only encoding`); whatever needs more than
 * that is left to kafkajs.
 */
export function encodeProduceRequestsFast(): void {
  const { requests }: { requests: { Produce: ProduceDefinition } } = createRequire(import.meta.url)(
    'kafkajs/src/protocol/requests',
  );
  const own = requests.Produce.protocol;
  requests.Produce.protocol = (choice) => {
    const make = own(choice);
    return (options) => {
      const made = make(options);
      if (choice.version < FIRST_VERSION || !isPlain(options)) return made;
      return { ...made, request: { ...made.request, encode: async () => encodeProduceRequest(options, Date.now()) } };
    };
  };
}

const isPlain = ({ compression = 0, transactionalId, producerId = -1, topicData }: ProduceOptions): boolean =>
  compression === 0 &&
  transactionalId == null &&
  Number(producerId) === -1 &&
  topicData.every(({ partitions }) =>
    partitions.every(({ messages }) => messages.every(({ timestamp }) => timestamp == null)),
  );

export function encodeProduceRequest({ acks, timeout, topicData }: ProduceOptions, now: number): Encoded {
  const request = new ByteWriter();
  request.int16(-1); // no transaction
  request.int16(acks);
  request.int32(timeout);
  request.int32(topicData.length);
  for (const { topic, partitions } of topicData) {
    const name = Buffer.from(topic);
    request.int16(name.length);
    request.buffer(name);
    request.int32(partitions.length);
    for (const { partition, messages } of partitions) {
      request.int32(partition);
      writeRecordBatch(request, messages, now);
    }
  }
  return { buf: request.bytes, buffer: request.bytes };
}
