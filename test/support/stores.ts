import { MikroORM } from '@mikro-orm/mysql';
import { Redis } from 'ioredis';
import type { Deployment } from './deployment.ts';
import { readTopic } from './kafka-topic.ts';

type Holders = ReadonlyMap<string, number>;

/** What lies in Redis, Kafka and MySQL, read beside the service: sequences by user, users as decimal text. */
export class Stores implements AsyncDisposable {
  readonly redis: Redis;
  readonly #orm: MikroORM;
  readonly #deployment: Deployment;

  constructor(deployment: Deployment) {
    this.#deployment = deployment;
    this.redis = new Redis(deployment.servers.redisUrl, { lazyConnect: true });
    // Servers are killed in these tests; what matters is what a later question answers.
    this.redis.on('error', () => {});
    this.#orm = new MikroORM({
      clientUrl: deployment.servers.mysqlUrl(deployment.database),
      entities: [],
      discovery: { warnWhenNoEntities: false },
    });
  }

  async counted(campaignId: string): Promise<Holders> {
    const users = await this.redis.hgetall(`coupon:{${campaignId}}:users`);
    return new Map(Object.entries(users).map(([userId, sequence]) => [userId, Number(sequence)]));
  }

  pending(campaignId: string): Promise<number> {
    return this.redis.zcard(`coupon:{${campaignId}}:pending`);
  }

  /** @throws Error where the topic holds two sequences of one user */
  async published(campaignId: string): Promise<Holders> {
    const holders = new Map<string, number>();
    for (const { message } of await readTopic(this.#deployment.servers.kafkaBrokers, this.#deployment.topic)) {
      if (String(message.headers?.['ce_source']) !== `/campaigns/${campaignId}`) continue;
      const userId = String(message.value?.readBigInt64BE());
      const sequence = Number.parseInt(String(message.headers?.['ce_id']), 10);
      const before = holders.get(userId);
      if (before !== undefined && before !== sequence) throw new Error(`${userId} has ${before} and ${sequence}`);
      if (message.key?.toString() !== userId) throw new Error(`${userId} has the key ${String(message.key)}`);
      holders.set(userId, sequence);
    }
    return holders;
  }

  async recorded(campaignId: string): Promise<Holders> {
    const rows = await this.#orm.em.execute<{ holder: string; sequence: number }[]>(
      'SELECT CAST(user_id AS CHAR) AS holder, sequence FROM coupons WHERE campaign_id = ?',
      [campaignId],
    );
    return new Map(rows.map(({ holder, sequence }) => [holder, sequence]));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.redis.disconnect();
    await this.#orm.close(true);
  }
}
