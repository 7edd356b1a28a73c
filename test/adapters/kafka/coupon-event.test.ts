import * as fc from 'fast-check';
import type { KafkaMessage } from 'kafkajs';
import { describe, expect, test } from 'vitest';
import { decodeCouponEvent, encodeCouponEvent } from '../../../src/adapters/kafka/coupon-event.ts';
import { parseCampaignId } from '../../../src/domain/campaign-id.ts';
import type { ReceivedEvent } from '../../../src/domain/failed-event.ts';
import type { Grant } from '../../../src/domain/grant.ts';
import { parseUserId } from '../../../src/domain/user-id.ts';

const grant: Grant = {
  campaignId: parseCampaignId('spring-sale'),
  userId: parseUserId('9007199254740993'),
  sequence: 12,
  epoch: 3,
  grantedAt: Date.parse('2026-11-22T10:00:00.007Z'),
};

const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

type Headers = NonNullable<KafkaMessage['headers']>;

const received = (headers: Headers, value: Buffer | null, key: Buffer | null): ReceivedEvent =>
  decodeCouponEvent('coupon_create', 1, {
    key,
    value,
    headers,
    offset: '42',
    timestamp: '0',
    attributes: 0,
  });

const overTheWire = (event: Grant, traceparent?: string): ReceivedEvent => {
  const { key, value, headers } = encodeCouponEvent(event, traceparent);
  const bytes = Object.entries(headers ?? {}).map(([name, each]) => [name, Buffer.from(String(each))] as const);
  return received(Object.fromEntries(bytes), value, Buffer.from(String(key)));
};

const altered = (change: Headers, value?: Buffer | null, key?: Buffer | null): ReceivedEvent['content'] => {
  const encoded = encodeCouponEvent(grant);
  return received(
    { ...encoded.headers, ...change },
    value === undefined ? encoded.value : value,
    key === undefined ? Buffer.from(grant.userId) : key,
  ).content;
};

const longValue = (user: bigint): Buffer => {
  const value = Buffer.alloc(8);
  value.writeBigInt64BE(user);
  return value;
};

describe('The wire format of a coupon event', () => {
  test('is five CloudEvents headers, the user as key, and the user as a big-endian long', () => {
    expect(encodeCouponEvent(grant)).toEqual({
      key: '9007199254740993',
      value: Buffer.from('0020000000000001', 'hex'),
      headers: {
        ce_specversion: '1.0',
        ce_type: 'coupon.granted.v1',
        ce_source: '/campaigns/spring-sale',
        ce_id: '12.3',
        ce_time: '2026-11-22T10:00:00.007Z',
      },
    });
  });

  test('has a traceparent header where the request carried one', () => {
    expect(encodeCouponEvent(grant, TRACEPARENT).headers).toHaveProperty('traceparent', TRACEPARENT);
    expect(overTheWire(grant, TRACEPARENT).content).toEqual({ grant });
  });

  test('gives every grant back', () => {
    fc.assert(
      fc.property(
        fc.record({
          campaignId: fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,62}$/).map(parseCampaignId),
          userId: fc.bigInt(1n, 2n ** 63n - 1n).map((id) => parseUserId(String(id))),
          sequence: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
          epoch: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
          grantedAt: fc.integer({ min: 0, max: 253_402_300_799_999 }),
        }),
        (any) => {
          expect(overTheWire(any).content).toEqual({ grant: any });
        },
      ),
    );
  });

  test('never throws, whatever lies in the log', () => {
    const bytes = fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array));
    const header = fc.oneof(bytes, fc.array(bytes, { maxLength: 3 }), fc.constant(undefined));
    const name = fc.constantFrom('ce_specversion', 'ce_type', 'ce_source', 'ce_id', 'ce_time', 'other', '');
    fc.assert(
      fc.property(
        fc.dictionary(name, header, { noNullPrototype: true }),
        fc.option(bytes),
        fc.option(bytes),
        (headers, value, key) => {
          expect(received(headers as Headers, value, key).content).toHaveProperty('malformed');
        },
      ),
    );
  });

  test.each([
    ['no value', altered({}, null), 'the value has no bytes'],
    ['an empty value', altered({}, Buffer.alloc(0)), 'the value has 0 bytes'],
    ['a value of 7 bytes', altered({}, Buffer.alloc(7)), 'the value has 7 bytes'],
    ['a value of 9 bytes', altered({}, Buffer.alloc(9)), 'the value has 9 bytes'],
    ['user 0', altered({}, longValue(0n), Buffer.from('0')), 'the user is not positive'],
    ['a negative user', altered({}, longValue(-5n), Buffer.from('-5')), 'the user is not positive'],
    ['a key that names another user', altered({}, undefined, Buffer.from('7')), 'the key is not the user'],
    ['no specversion', altered({ ce_specversion: undefined }), 'ce_specversion is not'],
    ['another specversion', altered({ ce_specversion: '0.3' }), 'ce_specversion is not 1.0'],
    ['another type', altered({ ce_type: 'coupon.granted.v2' }), 'ce_type is not coupon.granted.v1'],
    ['a doubled id', altered({ ce_id: ['12.3', '13.3'] }), 'ce_id is there 2 times'],
    ['a source without a campaign', altered({ ce_source: '/campaigns/' }), 'ce_source is not'],
    ['a source elsewhere', altered({ ce_source: 'spring-sale' }), 'ce_source is not'],
    ['a campaign that is no slug', altered({ ce_source: '/campaigns/Spring' }), 'ce_source is not'],
    ['an id of text', altered({ ce_id: 'twelve.three' }), 'ce_id is not'],
    ['an id without an epoch', altered({ ce_id: '12' }), 'ce_id is not'],
    ['an id with a leading zero', altered({ ce_id: '012.3' }), 'ce_id is not'],
    ['an id of 20 digits', altered({ ce_id: '12345678901234567890.1' }), 'ce_id is not'],
    ['an id above the largest', altered({ ce_id: '2147483648.1' }), 'ce_id is not'],
    ['an epoch above the largest', altered({ ce_id: '1.2147483648' }), 'ce_id is not'],
    ['an id with a line break behind it', altered({ ce_id: '12.3\n' }), 'ce_id is not'],
    ['no time', altered({ ce_time: Buffer.alloc(0) }), 'ce_time is not'],
    ['a time without milliseconds', altered({ ce_time: '2026-11-22T10:00:00Z' }), 'ce_time is not'],
    ['a day that does not exist', altered({ ce_time: '2026-04-31T10:00:00.000Z' }), 'ce_time is not'],
  ])('%s is malformed, with the reason', (_, content, reason) => {
    expect(content).toEqual({ malformed: expect.stringContaining(reason) });
  });

  test('a missing key and headers of others are no reason to refuse a grant', () => {
    expect(altered({ other: ['a', 'b'] }, undefined, null)).toEqual({ grant });
  });
});

describe('The content kept of an event', () => {
  test('says where it lay, and how long it was', () => {
    const { raw } = received({ a: Buffer.from('xy') }, Buffer.from('value'), Buffer.from('key'));
    expect(raw).toMatchObject({ topic: 'coupon_create', partition: 1, offset: '42', length: 3 + 5 + 1 + 2 });
    expect(raw.headers).toEqual([['a', Uint8Array.from(Buffer.from('xy'))]]);
  });

  test('is cut to 64 KiB in total, with the length and the digest of the whole', () => {
    const whole = Buffer.alloc(900_000, 7);
    const { raw } = received({ a: Buffer.from('xy') }, whole, Buffer.from('key'));
    expect((raw.key?.length ?? 0) + (raw.value?.length ?? 0) + 3).toBe(64 * 1024);
    expect(raw.length).toBe(900_000 + 6);
    whole[899_999] = 8;
    expect(received({ a: Buffer.from('xy') }, whole, Buffer.from('key')).raw.digest).not.toBe(raw.digest);
  });

  test('a flood of headers is cut as well', () => {
    const many = Object.fromEntries(
      Array.from({ length: 3_000 }, (_, index) => [`header-${index}`, Buffer.alloc(100)]),
    );
    const { raw } = received(many, Buffer.alloc(8), null);
    const kept = raw.headers.reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + value.length, 0);
    expect(kept + (raw.value?.length ?? 0)).toBeLessThanOrEqual(64 * 1024);
  });

  test('different contents have different digests, wherever the bytes lie', () => {
    const digests = [
      received({}, Buffer.from('ab'), Buffer.from('c')),
      received({}, Buffer.from('b'), Buffer.from('ca')),
      received({}, Buffer.from('abc'), null),
      received({}, Buffer.from('abc'), Buffer.alloc(0)),
      received({ ab: Buffer.from('c') }, null, null),
      received({ a: Buffer.from('bc') }, null, null),
    ].map(({ raw }) => raw.digest);
    expect(new Set(digests).size).toBe(digests.length);
  });

  test('is a copy that outlives the buffer it was fetched in', () => {
    const fetched = Buffer.from('not a user');
    const { raw } = received({}, fetched, null);
    fetched.fill(0);
    expect(Buffer.from(raw.value ?? []).toString()).toBe('not a user');
  });
});

test('of hundreds of thousands of empty headers a thousand are kept, and the digest is that of all', () => {
  const empty = (count: number): Headers => ({ h: Array.from({ length: count }, () => '') });
  const many = received(empty(200_000), null, null).raw;
  const others = received(empty(199_999), null, null).raw;
  expect(many.headers).toHaveLength(1_000);
  expect(many.length).toBe(200_000);
  expect(many.digest).not.toBe(others.digest);
});
