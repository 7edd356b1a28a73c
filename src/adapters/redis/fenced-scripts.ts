import type { Redis } from 'ioredis';
import type { KnownIncarnation } from '../../application/known-incarnation.ts';
import type { UnknownReason } from '../../domain/admission.ts';
import type { CampaignId } from '../../domain/campaign-id.ts';
import type { UnknownStanding } from '../../domain/counter-standing.ts';
import { Unavailable } from '../../domain/outage.ts';
import type { Incarnation } from '../../domain/ports/incarnations.ts';
import { counterKeys } from './counter-keys.ts';
import { type CounterScripts, counterScripts, type ScriptName } from './counter-scripts.ts';
import { ask, isMissingScript } from './redis-connection.ts';
import { type Argument, type Reply, replyOf } from './reply.ts';

/**
 * Calls the scripts of the incarnation this process knows, by digest only: a server that may have lost grants does not
 * have them, and nothing here gives them back to it.
 */
export class FencedScripts {
  readonly #redis: Redis;
  readonly #known: KnownIncarnation;
  readonly #scripts = new WeakMap<Incarnation, CounterScripts>();

  constructor(redis: Redis, known: KnownIncarnation) {
    this.#redis = redis;
    this.#known = known;
  }

  /** Asks about a campaign whose counter must be open and complete; `decode` reads what follows the word `open`. */
  async ask<T>(
    script: ScriptName,
    id: CampaignId,
    args: readonly Argument[],
    decode: (reply: Reply) => T,
  ): Promise<T | UnknownStanding> {
    const reply = await this.#call(script, id, args);
    if (reply === 'fenced') return { kind: 'unknown', reason: 'fenced' };
    const [state, ...rest] = reply;
    return state === 'open' ? decode(rest) : { kind: 'unknown', reason: reasonOf(state) };
  }

  /** Asks about a campaign in whatever state it is. */
  async askAnyState(script: ScriptName, id: CampaignId, args: readonly Argument[]): Promise<Reply> {
    const reply = await this.#call(script, id, args);
    if (reply === 'fenced') throw new Unavailable('counter', 'the counter is not open yet');
    return reply;
  }

  /** Whatever is asked during the work goes in one write. */
  inOneWrite(work: () => void): void {
    const stream = this.#redis.status === 'ready' ? this.#redis.stream : null;
    stream?.cork();
    try {
      work();
    } finally {
      stream?.uncork();
    }
  }

  async #call(name: ScriptName, id: CampaignId, args: readonly Argument[]): Promise<Reply | 'fenced'> {
    const incarnation = this.#known.value;
    if (incarnation !== null) {
      const { digest } = this.#of(incarnation)[name];
      const keys = counterKeys(id);
      try {
        return replyOf(await ask(this.#redis, (redis) => redis.evalsha(digest, keys.length, ...keys, ...args)));
      } catch (error) {
        if (!isMissingScript(error)) throw error;
      }
    }
    this.#known.doubt();
    return 'fenced';
  }

  #of(incarnation: Incarnation): CounterScripts {
    const scripts = this.#scripts.get(incarnation) ?? counterScripts(incarnation);
    this.#scripts.set(incarnation, scripts);
    return scripts;
  }
}

const SAID_BY_SCRIPTS: readonly UnknownReason[] = ['missing', 'prepared', 'closed', 'incomplete', 'crowded'];

function reasonOf(state: unknown): UnknownReason {
  const reason = SAID_BY_SCRIPTS.find((known) => known === state);
  if (reason !== undefined) return reason;
  throw new Error(`a script answered ${String(state)}`);
}
