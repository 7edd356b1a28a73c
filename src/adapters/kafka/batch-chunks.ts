import type { KafkaMessage } from 'kafkajs';

export interface ChunkLimits {
  readonly messages: number;
  readonly bytes: number;
}

/** Cuts a batch, in order, into pieces within both limits; a message above the limit of bytes is a piece of its own. */
export function* chunksOf(messages: readonly KafkaMessage[], limits: ChunkLimits): Generator<KafkaMessage[]> {
  let chunk: KafkaMessage[] = [];
  let bytes = 0;
  for (const message of messages) {
    const size = (message.key?.length ?? 0) + (message.value?.length ?? 0);
    if (chunk.length > 0 && (chunk.length === limits.messages || bytes + size > limits.bytes)) {
      yield chunk;
      chunk = [];
      bytes = 0;
    }
    chunk.push(message);
    bytes += size;
  }
  if (chunk.length > 0) yield chunk;
}
