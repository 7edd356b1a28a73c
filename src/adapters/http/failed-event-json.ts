import type { FailedEvent, FailedEventStep } from '../../domain/failed-event.ts';
import { utcText } from '../utc-text.ts';

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const base64OrNull = (bytes: Uint8Array | null): string | null => bytes && base64(bytes);

export function failedEventJson({ raw, grant, ...event }: FailedEvent): object {
  return {
    id: event.id,
    campaignId: grant?.campaignId ?? null,
    userId: grant?.userId ?? null,
    sequence: grant?.sequence ?? null,
    epoch: grant?.epoch ?? null,
    reason: event.reason,
    detail: event.detail,
    status: event.status,
    attempts: event.attempts,
    holdsSlot: event.holdsSlot,
    topic: raw.topic,
    partition: raw.partition,
    offset: raw.offset,
    createdAt: utcText(event.createdAt),
    updatedAt: utcText(event.updatedAt),
    content: {
      key: base64OrNull(raw.key),
      value: base64OrNull(raw.value),
      headers: raw.headers.map(([name, value]) => [name, base64(value)]),
      length: raw.length,
      sha256: raw.digest,
    },
  };
}

export const stepJson = ({ at, actor, step, detail }: FailedEventStep): object => ({
  at: utcText(at),
  actor,
  step,
  detail,
});
