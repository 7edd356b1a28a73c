import type { KafkaMessage, Message } from 'kafkajs';
import { encodeCouponEvent } from '../../../src/adapters/kafka/coupon-event.ts';
import { parseCampaignId } from '../../../src/domain/campaign-id.ts';
import type { Grant } from '../../../src/domain/grant.ts';
import { benchUser } from '../../suites/counter/bench-users.ts';

const CAMPAIGN = parseCampaignId('black-friday-2026');

/** As a burst makes them: of one campaign and nearly one moment. */
export const sampleGrants = (count: number): readonly Grant[] =>
  Array.from({ length: count }, (_, index) => ({
    campaignId: CAMPAIGN,
    userId: benchUser(index),
    sequence: 1_000 + index,
    epoch: 1,
    grantedAt: 1_795_000_000_000 + (index >> 3),
  }));

/** The event as kafkajs hands it to a consumer. */
export function asReceived({ key, value, headers = {} }: Message, offset: number): KafkaMessage {
  return {
    key: Buffer.from(key ?? ''),
    value: Buffer.from(value ?? ''),
    headers: Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, Buffer.from(String(text))])),
    timestamp: '1795000000000',
    attributes: 0,
    offset: String(offset),
  };
}

export const sampleMessages = (count: number): Message[] =>
  sampleGrants(count).map((grant) => encodeCouponEvent(grant));
