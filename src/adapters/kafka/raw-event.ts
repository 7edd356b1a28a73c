import { createHash } from 'node:crypto';
import type { KafkaMessage } from 'kafkajs';
import { LARGEST_KEPT_CONTENT, type RawEvent } from '../../domain/failed-event.ts';

const NULL_LENGTH = 0xffffffff;
/** Headers that say nothing take no room of the bytes that are kept, and could be hundreds of thousands. */
const MOST_HEADERS = 1_000;

type Header = readonly [name: string, value: Uint8Array];

/**
 * What lay in the log, cut to `LARGEST_KEPT_CONTENT`: key first, then headers, then value.
 *
 * The digest is the SHA-256 of key, value, and each header's name and value in that order, each behind its length as
 * a 4-byte big-endian number (`ffffffff` for null), so that no two contents share one.
 */
export function rawEventOf(topic: string, partition: number, message: KafkaMessage): RawEvent {
  const headers = headersOf(message);
  const parts = [message.key, message.value, ...headers.flatMap(([name, value]) => [Buffer.from(name), value])];
  const keep = keeper();
  const key = keep(message.key);
  const kept = headers.slice(0, MOST_HEADERS).flatMap(([name, value]) => {
    const keptName = keep(Buffer.from(name));
    return keptName?.length === Buffer.byteLength(name) ? [[name, keep(value) ?? new Uint8Array()] as const] : [];
  });
  return {
    topic,
    partition,
    offset: message.offset,
    key,
    headers: kept,
    value: keep(message.value),
    length: parts.reduce((sum, part) => sum + (part?.length ?? 0), 0),
    digest: digestOf(parts),
  };
}

/** kafkajs gives a header that occurs more than once as an array, and one without a value as null. */
function headersOf(message: KafkaMessage): readonly Header[] {
  return Object.entries(message.headers ?? {}).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((each) => [name, Buffer.from(each ?? '')] as const),
  );
}

function digestOf(parts: readonly (Uint8Array | null)[]): string {
  const digest = createHash('sha256');
  const length = Buffer.alloc(4);
  for (const part of parts) {
    length.writeUInt32BE(part === null ? NULL_LENGTH : part.length);
    digest.update(length);
    if (part !== null) digest.update(part);
  }
  return digest.digest('hex');
}

function keeper(): (bytes: Uint8Array | null) => Uint8Array | null {
  let room = LARGEST_KEPT_CONTENT;
  return (bytes) => {
    if (bytes === null) return null;
    // A copy: kafkajs's buffers are windows on everything that was fetched together.
    const kept = Uint8Array.from(bytes.subarray(0, room));
    room -= kept.length;
    return kept;
  };
}
