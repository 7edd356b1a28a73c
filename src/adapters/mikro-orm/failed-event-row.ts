import { defineEntity, type InferEntity, p } from '@mikro-orm/mysql';
import type { Instant } from '../../domain/campaign.ts';
import { parseCampaignId } from '../../domain/campaign-id.ts';
import type { FailedEvent, FailedEventStatus, Failure, FailureReason } from '../../domain/failed-event.ts';
import type { Grant } from '../../domain/grant.ts';
import { parseUserId } from '../../domain/user-id.ts';
import { headersFromText, headersToText } from './headers-text.ts';

const ID = /^[1-9][0-9]{0,18}$/;

/** Kept narrow: a database that compares numbers would take `1abc` for 1. */
export const isFailedEventId = (id: string): boolean => ID.test(id);

/** What a grant says is kept as numbers of 64 bits, so that no claim of an event is too large to be kept. */
export const FailedEventRow = defineEntity({
  name: 'FailedEventRow',
  tableName: 'failed_events',
  properties: {
    id: p.bigint('string').primary(),
    digest: p.string().length(64),
    topic: p.string().length(249),
    topicPartition: p.integer(),
    topicOffset: p.bigint('string'),
    reason: p.string().length(32).$type<FailureReason>(),
    detail: p.text(),
    campaignId: p.string().length(63).nullable(),
    userId: p.bigint('string').nullable(),
    sequence: p.bigint('number').nullable(),
    epoch: p.bigint('number').nullable(),
    grantedAt: p.bigint('number').nullable(),
    rawKey: p.blob().nullable(),
    rawValue: p.blob().nullable(),
    rawHeaders: p.text(),
    rawLength: p.bigint('number'),
    holdsSlot: p.boolean(),
    status: p.string().length(16).$type<FailedEventStatus>(),
    attempts: p.integer().unsigned(),
    nextAttemptAt: p.datetime(3).nullable(),
    leaseOwner: p.string().length(64).nullable(),
    leaseUntil: p.datetime(3).nullable(),
    createdAt: p.datetime(3),
    updatedAt: p.datetime(3),
  },
});

export type FailedEventRow = InferEntity<typeof FailedEventRow>;

export const toFailedEvent = (row: FailedEventRow): FailedEvent => ({
  id: row.id,
  raw: {
    topic: row.topic,
    partition: row.topicPartition,
    offset: row.topicOffset,
    key: bytesOf(row.rawKey),
    value: bytesOf(row.rawValue),
    headers: headersFromText(row.rawHeaders),
    length: row.rawLength,
    digest: row.digest,
  },
  grant: grantOf(row),
  reason: row.reason,
  detail: row.detail,
  holdsSlot: row.holdsSlot,
  status: row.status,
  attempts: row.attempts,
  createdAt: row.createdAt.getTime(),
  updatedAt: row.updatedAt.getTime(),
});

export function grantOf(row: FailedEventRow): Grant | null {
  const { campaignId, userId, sequence, epoch, grantedAt } = row;
  if (campaignId == null || userId == null || sequence == null || epoch == null || grantedAt == null) return null;
  return { campaignId: parseCampaignId(campaignId), userId: parseUserId(userId), sequence, epoch, grantedAt };
}

/** The columns that `COLUMNS` names, in its order. */
export const toValues = ({ raw, grant, reason, detail, holdsSlot }: Failure, now: Instant): readonly unknown[] => [
  raw.digest,
  raw.topic,
  raw.partition,
  raw.offset,
  reason,
  detail,
  grant?.campaignId ?? null,
  grant?.userId ?? null,
  grant?.sequence ?? null,
  grant?.epoch ?? null,
  grant?.grantedAt ?? null,
  raw.key && Buffer.from(raw.key),
  raw.value && Buffer.from(raw.value),
  headersToText(raw.headers),
  raw.length,
  holdsSlot,
  'open',
  0,
  new Date(now),
  new Date(now),
];

export const COLUMNS =
  'digest, topic, topic_partition, topic_offset, reason, detail, campaign_id, user_id, sequence, epoch, granted_at, ' +
  'raw_key, raw_value, raw_headers, raw_length, holds_slot, status, attempts, created_at, updated_at';

const bytesOf = (blob: Uint8Array | null | undefined): Uint8Array | null => (blob ? Uint8Array.from(blob) : null);
