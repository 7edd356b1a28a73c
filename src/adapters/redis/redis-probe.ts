import type { Redis } from 'ioredis';
import type { KnownIncarnation } from '../../application/known-incarnation.ts';
import { Unavailable } from '../../domain/outage.ts';
import type { DependencyProbe, DependencyState } from '../../domain/ports/dependency-probe.ts';
import { isServing } from './is-serving.ts';
import { ask } from './redis-connection.ts';
import { type Reply, replyOf } from './reply.ts';

/** Without these a granted slot may be gone after a crash, or may be evicted. */
const DURABLE: Readonly<Record<string, string>> = {
  appendonly: 'yes',
  appendfsync: 'always',
  'maxmemory-policy': 'noeviction',
};

export class RedisProbe implements DependencyProbe {
  readonly name = 'redis';
  readonly #redis: Redis;
  readonly #known: KnownIncarnation;

  constructor(redis: Redis, known: KnownIncarnation) {
    this.#redis = redis;
    this.#known = known;
  }

  async check(): Promise<DependencyState> {
    try {
      await ask(this.#redis, (redis) => redis.ping());
      const closed = await this.#whyClosed();
      if (closed === null) return await this.#settings();
      // Nobody applies at a process that is not ready: it must learn of a new incarnation from here.
      this.#known.doubt();
      return { status: 'unavailable', detail: `the counter is not open yet: ${closed}` };
    } catch (error) {
      return { status: 'unavailable', detail: messageOf(error) };
    }
  }

  async #whyClosed(): Promise<string | null> {
    const incarnation = this.#known.value;
    if (incarnation === null) return `its incarnation has not been read${this.#why()}`;
    if (await isServing(this.#redis, incarnation)) return null;
    return `Redis does not serve incarnation ${incarnation.number}; a consumer that leads will open it`;
  }

  #why(): string {
    return this.#known.lastFailure === null ? '' : `: ${messageOf(this.#known.lastFailure)}`;
  }

  async #settings(): Promise<DependencyState> {
    const names = Object.keys(DURABLE);
    let reply: Reply;
    try {
      reply = replyOf(await ask(this.#redis, (redis) => redis.config('GET', ...names)));
    } catch (error) {
      if (!(error instanceof Unavailable) || this.#redis.status !== 'ready') throw error;
      return { status: 'degraded', detail: `the settings of Redis could not be read: ${error.message}` };
    }
    const found = new Map(reply.flatMap((name, at) => (at % 2 === 0 ? [[name, reply[at + 1]] as const] : [])));
    const unknown = names.filter((name) => !found.has(name));
    const wrong = names.filter((name) => found.has(name) && found.get(name) !== DURABLE[name]);
    if (wrong.length > 0) {
      const each = wrong.map((name) => `${name} is ${found.get(name)}, must be ${DURABLE[name]}`);
      return { status: 'unavailable', detail: `settings of Redis: ${each.join('; ')}` };
    }
    if (unknown.length > 0) return { status: 'degraded', detail: `Redis does not say its ${unknown.join(', ')}` };
    return { status: 'ready' };
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
