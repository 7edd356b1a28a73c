import type { Redis } from 'ioredis';
import type { CampaignRecord } from '../../domain/campaign.ts';
import type { CampaignId } from '../../domain/campaign-id.ts';
import type { Grant } from '../../domain/grant.ts';
import { Unavailable } from '../../domain/outage.ts';
import type { HolderPages, OpeningSession } from '../../domain/ports/counter-opening.ts';
import type { Incarnation } from '../../domain/ports/incarnations.ts';
import { campaignOfMetaKey, counterKeys, loadingKey, META_KEYS } from './counter-keys.ts';
import { metaFields } from './counter-meta.ts';
import { counterScripts } from './counter-scripts.ts';
import { isServing } from './is-serving.ts';
import { ask } from './redis-connection.ts';
import { type Argument, grantsOf, replyOf } from './reply.ts';
import { CLOSE } from './scripts/close.lua.ts';
import { CLOSE_OPEN } from './scripts/close-open.lua.ts';
import { REPLACE } from './scripts/replace.lua.ts';
import { SURVIVORS } from './scripts/survivors.lua.ts';

const SURVIVORS_AT_ONCE = 1_000;
const HOLDERS_AT_ONCE = 5_000;
/** Loaded without waiting for each: Redis takes them in while the next ones are read. */
const LOADS_AT_ONCE = 4;

/**
 * Over one connection, which must be one that never reconnects. Its scripts are sent as text: they open nothing that a
 * lost script cache keeps shut.
 */
export class RedisOpeningSession implements OpeningSession {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  async isServing(incarnation: Incarnation): Promise<boolean> {
    return isServing(this.#redis, incarnation);
  }

  async fence(): Promise<void> {
    await ask(this.#redis, (redis) => redis.script('FLUSH', 'SYNC'));
  }

  async serve(incarnation: Incarnation): Promise<void> {
    for (const { text } of Object.values(counterScripts(incarnation))) {
      await ask(this.#redis, (redis) => redis.script('LOAD', text));
    }
  }

  async close(campaignId: CampaignId, epoch: number): Promise<boolean> {
    return (await this.#eval(CLOSE, counterKeys(campaignId), [epoch])) === 1;
  }

  async closeOthers(recorded: ReadonlySet<CampaignId>): Promise<readonly CampaignId[]> {
    const closed: CampaignId[] = [];
    let cursor = '0';
    do {
      const [next, keys] = await ask(this.#redis, (redis) => redis.scan(cursor, 'MATCH', META_KEYS, 'COUNT', 1_000));
      for (const id of keys.map(campaignOfMetaKey)) {
        if (id === null || recorded.has(id)) continue;
        if ((await this.#eval(CLOSE_OPEN, counterKeys(id), [])) === 1) closed.push(id);
      }
      cursor = next;
    } while (cursor !== '0');
    return closed;
  }

  async survivors(campaignId: CampaignId): Promise<readonly Grant[]> {
    const keys = counterKeys(campaignId);
    const grants: Grant[] = [];
    for (let from = 0; ; from += SURVIVORS_AT_ONCE) {
      const reply = replyOf(await this.#eval(SURVIVORS, keys, [from, SURVIVORS_AT_ONCE]));
      const [epoch, more, ...triples] = reply;
      grants.push(...grantsOf(campaignId, Number(epoch), triples));
      if (more !== 1) return grants;
    }
  }

  async replace(record: CampaignRecord, highest: number, holders: HolderPages): Promise<boolean> {
    const loading = loadingKey(record.id, record.epoch);
    const loaded = await this.#load(loading, holders);
    const token = record.openingToken ?? '';
    const fields = metaFields(record, { state: 'open', token, closed: record.epoch, counter: highest });
    const keys = [...counterKeys(record.id), loading];
    const outcome = await this.#eval(REPLACE, keys, [record.epoch, loaded, highest, ...fields]);
    if (outcome === 'lost') throw new Unavailable('counter', 'Redis has lost holders while they were loaded');
    return outcome === 'replaced';
  }

  async end(): Promise<void> {
    this.#redis.disconnect();
  }

  /** Answers how many users were loaded. */
  async #load(key: string, holders: HolderPages): Promise<number> {
    await ask(this.#redis, (redis) => redis.unlink(key));
    const underWay: Promise<number>[] = [];
    let loaded = 0;
    const finish = async (most: number): Promise<void> => {
      while (underWay.length > most) loaded += (await underWay.shift()) ?? 0;
    };
    try {
      for await (const page of holders) {
        for (let from = 0; from < page.length; from += HOLDERS_AT_ONCE) {
          const fields: Argument[] = [];
          for (const { userId, sequence, voided } of page.slice(from, from + HOLDERS_AT_ONCE)) {
            fields.push(userId, voided ? -sequence : sequence);
          }
          const load = ask(this.#redis, (redis) => redis.hset(key, ...fields));
          // Whoever waits for a page meanwhile hears of a failure when its turn comes.
          load.catch(() => undefined);
          underWay.push(load);
          await finish(LOADS_AT_ONCE - 1);
        }
      }
      await finish(0);
      return loaded;
    } finally {
      await Promise.allSettled(underWay);
    }
  }

  #eval(script: string, keys: readonly string[], args: readonly Argument[]): Promise<unknown> {
    return ask(this.#redis, (redis) => redis.eval(script, keys.length, ...keys, ...args));
  }
}
