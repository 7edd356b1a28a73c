import { once } from 'node:events';
import { Redis } from 'ioredis';
import { NodeClock } from '../../../src/adapters/node/node-clock.ts';
import { counterKeys } from '../../../src/adapters/redis/counter-keys.ts';
import { counterScripts } from '../../../src/adapters/redis/counter-scripts.ts';
import { RedisCounterKeeper } from '../../../src/adapters/redis/redis-counter-keeper.ts';
import { RedisIssuanceCounter } from '../../../src/adapters/redis/redis-issuance-counter.ts';
import { type Argument, type Reply, replyOf } from '../../../src/adapters/redis/reply.ts';
import { KnownIncarnation } from '../../../src/application/known-incarnation.ts';
import type { CampaignId } from '../../../src/domain/campaign-id.ts';
import type { CounterStanding } from '../../../src/domain/counter-standing.ts';
import type { Incarnation } from '../../../src/domain/ports/incarnations.ts';
import { randomCampaignId } from '../../../test/support/random.ts';
import type { Installation } from '../../support/installation.ts';

const TOKEN = 'bench';
/** The service's settings, but for the patience: what is late on a busy machine is slow here, and no outage. */
const CONNECTION = {
  autoResendUnfulfilledCommands: false,
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  commandTimeout: 30_000,
} as const;

/** The counter of the service, asked by this process over one connection of its own, as an API asks it. */
export class BenchCounter implements Disposable {
  readonly adapter: RedisIssuanceCounter;
  readonly #redis: Redis;
  readonly #keeper: RedisCounterKeeper;
  readonly #admit: string;
  #corked = false;

  private constructor(redis: Redis, known: KnownIncarnation, incarnation: Incarnation) {
    this.adapter = new RedisIssuanceCounter(redis, known);
    this.#redis = redis;
    this.#keeper = new RedisCounterKeeper(redis, known);
    this.#admit = counterScripts(incarnation).admit.digest;
  }

  static async connect(installation: Installation): Promise<BenchCounter> {
    const [incarnation] = await installation.sql<Incarnation>(
      'select installation, incarnation as number from installation',
    );
    if (incarnation === undefined) throw new Error('the database has no incarnation');
    const asked = async () => incarnation;
    const known = new KnownIncarnation({ current: asked, raise: asked }, new NodeClock());
    await known.refresh();
    const redis = new Redis(installation.servers.redisUrl, CONNECTION);
    await once(redis, 'ready');
    return new BenchCounter(redis, known, incarnation);
  }

  /** Open, and known to Redis only: the leader, which goes by the record, neither watches nor compares it. */
  async newCampaign(limit: number): Promise<CampaignId> {
    const id = randomCampaignId();
    const record = {
      id,
      name: id,
      limit,
      ceiling: limit,
      startsAt: null,
      endsAt: null,
      epoch: 1,
      minimumEpoch: 1,
      version: 1,
      createdAt: Date.now(),
      openedAt: null,
      openingToken: null,
      archivedAt: null,
      archivedGranted: null,
    };
    const { kind } = await this.#keeper.prepare(record, TOKEN);
    if (kind !== 'prepared' || !(await this.#keeper.open(id, TOKEN))) throw new Error(`${id} cannot be opened`);
    return id;
  }

  /** The admission script by itself; what is asked in one turn of the event loop goes in one write, as in the adapter. */
  async admit(id: CampaignId, args: readonly Argument[]): Promise<Reply> {
    const keys = counterKeys(id);
    this.#cork();
    const [state, ...reply] = replyOf(await this.#redis.evalsha(this.#admit, keys.length, ...keys, ...args));
    if (state !== 'open') throw new Error(`the counter of ${id} is ${String(state)}`);
    return reply;
  }

  async standing(id: CampaignId): Promise<Extract<CounterStanding, { kind: 'open' }>> {
    const standing = await this.adapter.standing(id);
    if (standing.kind !== 'open') throw new Error(`the counter of ${id} is ${standing.reason}`);
    return standing;
  }

  async remove(id: CampaignId): Promise<void> {
    await this.#redis.unlink(...counterKeys(id));
  }

  [Symbol.dispose](): void {
    this.#redis.disconnect();
  }

  #cork(): void {
    if (this.#corked) return;
    this.#corked = true;
    const { stream } = this.#redis;
    stream.cork();
    setImmediate(() => {
      this.#corked = false;
      stream.uncork();
    });
  }
}
