import type { Message } from 'kafkajs';
import { ByteWriter } from './byte-writer.ts';
import { crc32c } from './crc32c.ts';

const MAGIC = 2;
const NO_ATTRIBUTES = 0;
const NULL_LENGTH = -1;
const NONE = -1n;

type Bytes = Buffer | string | null | undefined;

const record = new ByteWriter();

/** Appends a batch of uncompressed records, behind its length in bytes, to a produce request. */
export function writeRecordBatch(request: ByteWriter, messages: readonly Message[], now: number): void {
  const size = request.later();
  request.int64(0n); // the offset of the first record: the broker's to say
  const length = request.later();
  request.int32(0); // the leader's epoch
  request.int8(MAGIC);
  const checksum = request.later();
  request.int16(NO_ATTRIBUTES);
  request.int32(messages.length - 1);
  request.int64(BigInt(now));
  request.int64(BigInt(now));
  request.int64(NONE); // the producer, its epoch and its first sequence number: they are for idempotent producers
  request.int16(0);
  request.int32(0);
  request.int32(messages.length);
  for (let index = 0; index < messages.length; index++) writeRecord(request, messages[index] as Message, index);
  request.setUint32(size, request.length - size - 4);
  request.setUint32(length, request.length - length - 4);
  request.setUint32(checksum, crc32c(request.bytes, checksum + 4, request.length));
}

function writeRecord(request: ByteWriter, { key, value, headers = {} }: Message, offset: number): void {
  record.reset();
  record.int8(NO_ATTRIBUTES);
  record.varint(0); // written at the time of the batch
  record.varint(offset);
  writeBytes(key);
  writeBytes(value);
  const names = Object.keys(headers);
  record.varint(names.reduce((sum, name) => sum + countOf(headers[name]), 0));
  for (const name of names) {
    const given = headers[name];
    for (const each of Array.isArray(given) ? given : [given]) {
      record.string(name);
      writeBytes(each);
    }
  }
  request.varint(record.length);
  request.buffer(record.bytes);
}

const countOf = (value: unknown): number => (Array.isArray(value) ? value.length : 1);

function writeBytes(value: Bytes): void {
  if (typeof value === 'string') record.string(value);
  else if (value == null) record.varint(NULL_LENGTH);
  else {
    record.varint(value.length);
    record.buffer(value);
  }
}
