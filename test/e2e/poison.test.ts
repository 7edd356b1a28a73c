import { MikroORM } from '@mikro-orm/mysql';
import type { Message } from 'kafkajs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { encodeCouponEvent } from '../../src/adapters/kafka/coupon-event.ts';
import type { CampaignId } from '../../src/domain/campaign-id.ts';
import type { FailureReason } from '../../src/domain/failed-event.ts';
import type { Grant } from '../../src/domain/grant.ts';
import { parseUserId } from '../../src/domain/user-id.ts';
import type { CouponClient } from '../support/coupon-client.ts';
import { Deployment } from '../support/deployment.ts';
import { eventually } from '../support/eventually.ts';
import { plainKafka, withAdmin } from '../support/kafka-topic.ts';
import { randomCampaignId } from '../support/random.ts';
import { shuffled } from '../support/seeded.ts';
import { describeOnOwnServers } from '../support/server-stack.ts';
import { Stores } from '../support/stores.ts';

const GOOD = 99_000;
const BAD = 1_000;
const AT_ONCE = 2_000;
/** A busy machine gets more than it should need: what counts here is what becomes of the records. */
const SETTLED_WITHIN = 180_000;

const FIRST_USER = 2n ** 53n;
const userOf = (index: number) => parseUserId(String(FIRST_USER + BigInt(index)));

type Bad = readonly [reason: FailureReason, (message: Message, grant: Grant) => Message];

const withHeaders =
  (headers: NonNullable<Message['headers']>): Bad[1] =>
  (message) => ({ ...message, headers: { ...message.headers, ...headers } });

const without =
  (name: string): Bad[1] =>
  ({ headers = {}, ...message }) => ({
    ...message,
    headers: Object.fromEntries(Object.entries(headers).filter(([each]) => each !== name)),
  });

const HEADERS = ['ce_specversion', 'ce_type', 'ce_source', 'ce_id', 'ce_time'];

/** Every way in which a record can be no grant, and the ways in which a grant can be none of ours. */
const MALFORMED: readonly Bad[1][] = [
  (message) => ({ ...message, value: null }),
  (message) => ({ ...message, value: Buffer.alloc(0) }),
  (message) => ({ ...message, value: Buffer.alloc(7, 1) }),
  (message) => ({ ...message, value: Buffer.alloc(9, 1) }),
  (message) => ({ ...message, value: Buffer.alloc(8) }),
  (message) => ({ ...message, value: Buffer.alloc(8, 0xff) }),
  (message) => ({ ...message, value: Buffer.alloc(200_000, 1) }),
  (message) => ({ ...message, key: 'another' }),
  (message) => ({ ...message, key: '' }),
  (message) => ({ ...message, headers: {} }),
  () => ({ key: null, value: null, headers: {} }),
  ...HEADERS.flatMap((name) => [
    without(name),
    withHeaders({ [name]: '' }),
    withHeaders({ [name]: ['1.0', '1.0'] }),
    withHeaders({ [name]: Buffer.from([0xff, 0xfe, 0]) }),
    withHeaders({ [name]: 'x'.repeat(70_000) }),
  ]),
  withHeaders({ ce_specversion: '1.1' }),
  withHeaders({ ce_type: 'coupon.granted.v2' }),
  withHeaders({ ce_source: '/campaigns/../admin' }),
  withHeaders({ ce_source: 'campaigns/a' }),
  withHeaders({ ce_id: '0.1' }),
  withHeaders({ ce_id: '1' }),
  withHeaders({ ce_id: '01.1' }),
  withHeaders({ ce_id: '-1.1' }),
  withHeaders({ ce_id: '2147483648.1' }),
  withHeaders({ ce_time: 'yesterday' }),
  withHeaders({ ce_time: '2026-02-31T00:00:00.000Z' }),
];

const BAD_KINDS: readonly Bad[] = [
  ...MALFORMED.map((spoil): Bad => ['malformed', spoil]),
  ['unknown-campaign', withHeaders({ ce_source: '/campaigns/of-nobody' })],
  // Above the ceiling, and of an epoch that there was not.
  ['rejected', withHeaders({ ce_id: `${GOOD + 1}.1` })],
  ['rejected', (message, { sequence }) => withHeaders({ ce_id: `${sequence}.7` })(message, {} as Grant)],
];

await describeOnOwnServers('a thousand bad records among a hundred thousand', (servers) => {
  let deployment: Deployment;
  let client: CouponClient;
  let stores: Stores;

  beforeAll(async () => {
    deployment = new Deployment(servers);
    await deployment.migrate();
    await deployment.startConsumers(1);
    await deployment.startApis(1);
    await deployment.ready(90_000);
    client = deployment.client();
    stores = new Stores(deployment);
  });

  afterAll(async () => {
    await stores?.[Symbol.asyncDispose]();
    await deployment?.stop();
  });

  const grantOf = (campaignId: CampaignId, index: number): Grant => ({
    campaignId,
    userId: userOf(index),
    sequence: (index % GOOD) + 1,
    epoch: 1,
    grantedAt: 1_790_000_000_123,
  });

  const write = async (messages: readonly Message[]): Promise<void> => {
    const producer = plainKafka(servers.kafkaBrokers).producer();
    await producer.connect();
    for (let from = 0; from < messages.length; from += AT_ONCE) {
      await producer.send({ topic: deployment.topic, messages: messages.slice(from, from + AT_ONCE) });
    }
    await producer.disconnect();
  };

  const failedEvents = async () => {
    await using orm = new MikroORM({
      clientUrl: servers.mysqlUrl(deployment.database),
      entities: [],
      discovery: { warnWhenNoEntities: false },
    });
    return await orm.em.execute<{ reason: string; holds: number | boolean }[]>(
      'select reason, holds_slot as holds from failed_events',
    );
  };

  const lag = () =>
    withAdmin(servers.kafkaBrokers, async (admin) => {
      const ends = await admin.fetchTopicOffsets(deployment.topic);
      const groupId = `${deployment.topic}-issuer`;
      const [committed] = await admin.fetchOffsets({ groupId, topics: [deployment.topic] });
      const of = new Map(committed?.partitions.map(({ partition, offset }) => [partition, BigInt(offset)]));
      return ends.reduce((sum, { partition, high }) => sum + BigInt(high) - (of.get(partition) ?? 0n), 0n);
    });

  it('become a thousand failed events, each for its reason, and the others coupons', { timeout: 300_000 }, async () => {
    const campaignId = randomCampaignId();
    expect(await client.createCampaign(campaignId, GOOD)).toMatchObject({ status: 201 });
    // As if it had granted all of them: a coupon above its counter would say that the counter was set back.
    await stores.redis.hset(`coupon:{${campaignId}}:meta`, { counter: GOOD, holes: GOOD });
    const good = Array.from({ length: GOOD }, (_, index) => encodeCouponEvent(grantOf(campaignId, index)));
    const kinds = Array.from({ length: BAD }, (_, index) => BAD_KINDS[index % BAD_KINDS.length]);
    const bad = kinds.flatMap((kind, index) => {
      const grant = grantOf(campaignId, GOOD + index);
      return kind === undefined ? [] : [kind[1](encodeCouponEvent(grant), grant)];
    });

    const startedAt = performance.now();
    await write(shuffled<Message>([...good, ...bad], 20_261_122));
    await eventually(async () => expect(await lag()).toBe(0n), SETTLED_WITHIN);
    console.log(`settled ${Math.round((performance.now() - startedAt) / 1_000)} s after the first was written`);

    const issued = await stores.recorded(campaignId);
    expect(issued.size).toBe(GOOD);
    expect([...issued].filter(([user, sequence]) => BigInt(user) - FIRST_USER + 1n !== BigInt(sequence))).toEqual([]);
    const failed = await failedEvents();
    expect(failed).toHaveLength(BAD);
    const count = (reasons: readonly (string | undefined)[]) =>
      Object.fromEntries(
        ['malformed', 'unknown-campaign', 'rejected'].map((each) => [
          each,
          reasons.filter((one) => one === each).length,
        ]),
      );
    expect(count(failed.map(({ reason }) => reason))).toEqual(count(kinds.map((kind) => kind?.[0])));
    expect(failed.filter(({ holds }) => Number(holds) > 0)).toEqual([]);
    for (const consumer of deployment.consumers) expect(consumer.isRunning).toBe(true);
  });
});
