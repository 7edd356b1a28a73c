import type { KafkaMessage, Message } from 'kafkajs';
import { LARGEST_LIMIT } from '../../domain/campaign.ts';
import { isCampaignId } from '../../domain/campaign-id.ts';
import type { RawEvent, ReceivedEvent } from '../../domain/failed-event.ts';
import type { Grant } from '../../domain/grant.ts';
import { isUserId } from '../../domain/user-id.ts';
import { utcText } from '../utc-text.ts';
import { LastRead } from './last-read.ts';
import { rawEventOf } from './raw-event.ts';

/**
 * The wire format: CloudEvents 1.0 in the binary mode of its Kafka binding, with the user as the whole content.
 * `ce_source` and `ce_id` together name one grant, and are the same on every redelivery.
 */
const SPEC_VERSION = '1.0';
const TYPE = 'coupon.granted.v1';
const SPEC_VERSION_BYTES = Buffer.from(SPEC_VERSION);
const TYPE_BYTES = Buffer.from(TYPE);
const SOURCE_PREFIX = '/campaigns/';
const VALUE_LENGTH = 8;
/** Both numbers of `<sequence>.<epoch>` go up to 2^31 − 1, as the largest limit does. */
const ID_FORM = /^([1-9][0-9]{0,9})\.([1-9][0-9]{0,9})$/;
const TIME_FORM = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** @param traceparent W3C trace context of the request */
export function encodeCouponEvent(grant: Grant, traceparent?: string): Message & { readonly value: Buffer } {
  const value = Buffer.alloc(VALUE_LENGTH);
  value.writeBigInt64BE(BigInt(grant.userId));
  return {
    key: grant.userId,
    value,
    headers: {
      ce_specversion: SPEC_VERSION,
      ce_type: TYPE,
      ce_source: `${SOURCE_PREFIX}${grant.campaignId}`,
      ce_id: `${grant.sequence}.${grant.epoch}`,
      ce_time: utcText(grant.grantedAt),
      ...(traceparent === undefined ? {} : { traceparent }),
    },
  };
}

/** Never throws, whatever lies in the log: what cannot be read as a grant is `malformed`, with the reason. */
export function decodeCouponEvent(topic: string, partition: number, message: KafkaMessage): ReceivedEvent {
  let raw: RawEvent | null = null;
  return {
    // Copied and digested for those only that do not become coupons.
    get raw() {
      raw ??= rawEventOf(topic, partition, message);
      return raw;
    },
    content: contentOf(message),
  };
}

/** Null: no grant can be read from it. */
export function grantIn(message: KafkaMessage): Grant | null {
  const content = contentOf(message);
  return 'grant' in content ? content.grant : null;
}

function contentOf(message: KafkaMessage): ReceivedEvent['content'] {
  try {
    return { grant: grantOf(message) };
  } catch (error) {
    if (error instanceof Malformed) return { malformed: error.message };
    throw error;
  }
}

class Malformed extends Error {}

function grantOf(message: KafkaMessage): Grant {
  const userId = userOf(message.value);
  // The value decides; a missing key names nobody else.
  if (message.key !== null && message.key.toString() !== userId) {
    throw new Malformed('the key is not the user of the value in decimal digits');
  }
  if (!onlyHeader(message, 'ce_specversion').equals(SPEC_VERSION_BYTES)) {
    throw new Malformed(`ce_specversion is not ${SPEC_VERSION}`);
  }
  if (!onlyHeader(message, 'ce_type').equals(TYPE_BYTES)) throw new Malformed(`ce_type is not ${TYPE}`);
  const { sequence, epoch } = idOf(onlyHeader(message, 'ce_id').toString());
  return {
    campaignId: campaigns.of(onlyHeader(message, 'ce_source')),
    userId,
    sequence,
    epoch,
    grantedAt: times.of(onlyHeader(message, 'ce_time')),
  };
}

function userOf(value: Buffer | null): Grant['userId'] {
  if (value?.length !== VALUE_LENGTH) {
    throw new Malformed(
      `the value has ${value?.length ?? 'no'} bytes; a user is a big-endian integer of ${VALUE_LENGTH}`,
    );
  }
  const userId = String(value.readBigInt64BE());
  if (!isUserId(userId)) throw new Malformed('the user is not positive');
  return userId;
}

function onlyHeader({ headers = {} }: KafkaMessage, name: string): Buffer {
  const value = Object.hasOwn(headers, name) ? headers[name] : [];
  if (!Array.isArray(value)) return bytesOf(value);
  const [only, ...others] = value;
  if (others.length > 0) throw new Malformed(`the header ${name} is there ${value.length} times`);
  if (value.length === 0) throw new Malformed(`the header ${name} is missing`);
  return bytesOf(only);
}

/** kafkajs gives a header without a value as null. */
const bytesOf = (value: Buffer | string | null | undefined): Buffer =>
  Buffer.isBuffer(value) ? value : Buffer.from(value ?? '');

function campaignOf(source: string): Grant['campaignId'] {
  const id = source.slice(SOURCE_PREFIX.length);
  if (!source.startsWith(SOURCE_PREFIX) || !isCampaignId(id)) {
    throw new Malformed(`ce_source is not ${SOURCE_PREFIX}<campaign id>`);
  }
  return id;
}

function idOf(id: string): Pick<Grant, 'sequence' | 'epoch'> {
  const [, sequence = 0, epoch = 0] = (ID_FORM.exec(id) ?? []).map(Number);
  if (sequence < 1 || epoch < 1 || sequence > LARGEST_LIMIT || epoch > LARGEST_LIMIT) {
    throw new Malformed(`ce_id is not <sequence>.<epoch>, each from 1 to ${LARGEST_LIMIT} without leading zeros`);
  }
  return { sequence, epoch };
}

function instantOf(time: string): Grant['grantedAt'] {
  const instant = TIME_FORM.test(time) ? Date.parse(time) : Number.NaN;
  // Date.parse takes 31 April for 1 May.
  if (Number.isNaN(instant) || new Date(instant).toISOString() !== time) {
    throw new Malformed('ce_time is not a time in UTC of the form 2026-01-31T09:30:00.000Z');
  }
  return instant;
}

/** Events come many to a campaign, and many to a millisecond: what was read last is mostly what is read next. */
const campaigns = new LastRead(campaignOf);
const times = new LastRead(instantOf);
