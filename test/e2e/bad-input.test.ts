import { Buffer } from 'node:buffer';
import { hash } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CouponClient, ShownFailedEvent } from '../support/coupon-client.ts';
import { Deployment } from '../support/deployment.ts';
import { eventually } from '../support/eventually.ts';
import { plainKafka } from '../support/kafka-topic.ts';
import { randomCampaignId, randomUserId } from '../support/random.ts';
import { describeOnOwnServers } from '../support/server-stack.ts';
import { Stores } from '../support/stores.ts';

interface Poison {
  readonly key?: string | null;
  readonly value: Buffer | null;
  readonly headers?: Record<string, string>;
}

const LARGEST_KEPT = 64 * 1024;

await describeOnOwnServers('records that nobody should have written', (servers) => {
  let deployment: Deployment;
  let client: CouponClient;
  let stores: Stores;

  beforeAll(async () => {
    // One partition, so that poison lies between good events and not beside them.
    deployment = await Deployment.start(servers, { KAFKA_PARTITIONS: '1' });
    client = deployment.client();
    stores = new Stores(deployment);
  });

  afterAll(async () => {
    await stores?.[Symbol.asyncDispose]();
    await deployment?.stop();
  });

  const write = async (...records: readonly Poison[]): Promise<void> => {
    const producer = plainKafka(servers.kafkaBrokers).producer();
    await producer.connect();
    const messages = records.map(({ key = null, value, headers = {} }) => ({ key, value, headers }));
    await producer.send({ topic: deployment.topic, messages });
    await producer.disconnect();
  };

  const openCampaign = async (limit = 100): Promise<string> => {
    const campaignId = randomCampaignId();
    expect(await client.createCampaign(campaignId, limit)).toMatchObject({ status: 201 });
    return campaignId;
  };

  /** Those that were kept since, oldest first, with a good event before and one behind each of them. */
  const keptBetweenCoupons = async (records: readonly Poison[]): Promise<readonly ShownFailedEvent[]> => {
    const campaignId = await openCampaign();
    const known = new Set((await client.failedEvents()).map(({ id }) => id));
    const applicants: string[] = [];
    const apply = async () => {
      const userId = randomUserId();
      expect(await client.apply(campaignId, userId)).toMatchObject({ status: 202 });
      applicants.push(userId);
    };
    await apply();
    for (const record of records) {
      await write(record);
      await apply();
    }
    return eventually(async () => {
      expect([...(await stores.recorded(campaignId)).keys()].toSorted()).toEqual(applicants.toSorted());
      const kept = (await client.failedEvents()).filter(({ id }) => !known.has(id));
      expect(kept).toHaveLength(records.length);
      expect(await client.account(campaignId)).toMatchObject({ issued: applicants.length, failed: 0, unaccounted: 0 });
      return kept;
    }, 20_000);
  };

  it('keeps each of them once with its raw content, and their neighbours become coupons', async () => {
    const campaignId = await openCampaign();
    const good = event(campaignId, '17', '1.1');
    const records: readonly Poison[] = [
      { ...good, value: Buffer.alloc(7, 1) },
      { ...good, value: Buffer.alloc(0) },
      { ...good, value: null },
      { key: good.key ?? null, value: good.value },
      { ...good, headers: { ...good.headers, ce_id: 'first.1' } },
      { ...good, headers: { ...good.headers, ce_id: `${'9'.repeat(20)}.1` } },
      { ...good, key: '-17', value: long(-17n) },
      { ...good, key: '18' },
      { ...good, headers: { ...good.headers, ce_source: '/campaigns/../admin' } },
      { ...good, value: Buffer.alloc(900_000, 7) },
    ];

    const kept = await keptBetweenCoupons(records);

    expect(kept.map(({ reason }) => reason)).toEqual(records.map(() => 'malformed'));
    records.forEach(({ key = null, value, headers = {} }, index) => {
      const { content, holdsSlot } = at(kept, index);
      expect(holdsSlot).toBe(false);
      expect(decoded(content.key)).toBe(key);
      expect(new Map(content.headers.map(([name, text]) => [name, decoded(text)]))).toEqual(
        new Map(Object.entries(headers)),
      );
      const before = Buffer.concat([Buffer.from(key ?? ''), ...Object.entries(headers).flat().map(Buffer.from)]);
      expect(content.length).toBe(before.length + (value?.length ?? 0));
      expect(content.sha256).toMatch(/^[0-9a-f]{64}$/);
      const shown = content.value === null ? null : Buffer.from(content.value, 'base64');
      expect(digest(shown)).toBe(digest(value === null ? null : value.subarray(0, LARGEST_KEPT - before.length)));
    });
  });

  it('never makes a coupon of what cannot be read', async () => {
    const campaignId = await openCampaign();
    const [kept] = await keptBetweenCoupons([{ ...event(campaignId, '17', '1.1'), value: Buffer.alloc(3) }]);

    expect(await client.reissue(kept?.id)).toMatchObject({
      status: 409,
      body: { type: '/problems/not-reissuable', status: 409 },
    });
    expect(await stores.recorded(campaignId)).toEqual(new Map());
  });

  it('never makes a coupon of a grant that the counter did not make', async () => {
    const unknown = randomCampaignId();
    const taken = await openCampaign(1);
    const holder = randomUserId();
    expect(await client.apply(taken, holder)).toMatchObject({ status: 202, body: { sequence: 1 } });

    const kept = await keptBetweenCoupons([
      event(unknown, '17', '1.1'),
      event(taken, '17', '1.1'),
      event(taken, '18', '2.1'),
    ]);

    expect(kept.map(({ reason }) => reason)).toEqual(['unknown-campaign', 'sequence-conflict', 'rejected']);
    for (const { id, holdsSlot } of kept) {
      expect(holdsSlot).toBe(false);
      expect(await client.reissue(id)).toMatchObject({ status: 409, body: { type: '/problems/not-reissuable' } });
    }
    expect(await stores.recorded(taken)).toEqual(new Map([[holder, 1]]));
    expect(await stores.recorded(unknown)).toEqual(new Map());
  });

  it('says how many failed events are not reissuable when all of them are tried', async () => {
    await keptBetweenCoupons([event(randomCampaignId(), '17', '1.1')]);
    const open = await client.failedEvents('&status=open');

    expect(await client.reissue()).toEqual({
      status: 200,
      body: { reissued: 0, remaining: 0, notReissuable: open.length },
    });
    expect(await client.failedEvents('&status=open')).toHaveLength(open.length);
  });
});

const long = (value: bigint): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(value);
  return bytes;
};

/** Written by hand: what the topic's contract says, not what our encoder does. */
const event = (campaignId: string, userId: string, ceId: string): Poison => ({
  key: userId,
  value: long(BigInt(userId)),
  headers: {
    ce_specversion: '1.0',
    ce_type: 'coupon.granted.v1',
    ce_source: `/campaigns/${campaignId}`,
    ce_id: ceId,
    ce_time: '2026-01-31T09:30:00.000Z',
  },
});

const at = <T>(items: readonly T[], index: number): T => {
  const item = items[index];
  if (item === undefined) throw new Error(`there is no item ${index}`);
  return item;
};

const decoded = (base64: string | null): string | null =>
  base64 === null ? null : Buffer.from(base64, 'base64').toString();

const digest = (bytes: Uint8Array | null): string | null => (bytes === null ? null : hash('sha256', bytes, 'hex'));
