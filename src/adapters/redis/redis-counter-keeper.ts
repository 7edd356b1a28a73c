import type { Redis } from 'ioredis';
import type { KnownIncarnation } from '../../application/known-incarnation.ts';
import type { CampaignRecord, CampaignTerms } from '../../domain/campaign.ts';
import type { CampaignId } from '../../domain/campaign-id.ts';
import type { CounterSample, Holder, UnknownStanding } from '../../domain/counter-standing.ts';
import type { Grant } from '../../domain/grant.ts';
import type {
  ChangeOutcome,
  Confirmation,
  CounterKeeper,
  MarkOutcome,
  Preparation,
  VoidUserOutcome,
} from '../../domain/ports/counter-keeper.ts';
import type { UserId } from '../../domain/user-id.ts';
import { batchArguments } from './admission-batch.ts';
import { counterKeys } from './counter-keys.ts';
import { metaFields, timeField } from './counter-meta.ts';
import { FencedScripts } from './fenced-scripts.ts';
import { ask } from './redis-connection.ts';
import { grantsOf } from './reply.ts';

/** Above this the server would serve nobody else for too long. */
const AT_ONCE = 500;

export class RedisCounterKeeper implements CounterKeeper {
  readonly #redis: Redis;
  readonly #scripts: FencedScripts;

  constructor(redis: Redis, known: KnownIncarnation) {
    this.#redis = redis;
    this.#scripts = new FencedScripts(redis, known);
  }

  async prepare(record: CampaignRecord, token: string): Promise<Preparation> {
    const fields = metaFields(record, { state: 'prepared', token, closed: 0, counter: 0 });
    const [kind, prepared] = await this.#scripts.askAnyState('prepare', record.id, fields);
    return kind === 'prepared' ? { kind, token: String(prepared) } : { kind: 'conflict' };
  }

  async open(campaignId: CampaignId, token: string): Promise<boolean> {
    const [state] = await this.#scripts.askAnyState('open', campaignId, [token]);
    return state === 'open';
  }

  change(campaignId: CampaignId, terms: CampaignTerms, burnt: number, version: number): Promise<ChangeOutcome> {
    const { name, limit, startsAt, endsAt } = terms;
    const args = [version, name, limit, timeField(startsAt), timeField(endsAt), burnt];
    return this.#scripts.ask<ChangeOutcome>('change', campaignId, args, ([kind, granted, ceiling]) =>
      kind === 'changed' ? { kind, limit: Number(granted), ceiling: Number(ceiling) } : { kind: 'outdated' },
    );
  }

  async stale(campaignId: CampaignId, olderThan: number, most: number): Promise<readonly Grant[]> {
    const stale = await this.#scripts.ask('stale', campaignId, [olderThan, most], ([epoch, ...triples]) =>
      grantsOf(campaignId, Number(epoch), triples),
    );
    return 'kind' in stale ? [] : stale;
  }

  async clearMarks(campaignId: CampaignId, grants: readonly Grant[]): Promise<void> {
    for (let from = 0; from < grants.length; from += AT_ONCE) {
      const marks = batchArguments([], grants.slice(from, from + AT_ONCE));
      await this.#scripts.ask('admit', campaignId, marks, () => null);
    }
  }

  async markPending(campaignId: CampaignId, epoch: number, holders: readonly Holder[]): Promise<MarkOutcome> {
    const live = holders.filter(({ voided }) => !voided);
    let [from, marked] = [0, 0];
    // Asked also where there is nobody to be marked: the epoch may be another one.
    do {
      const pairs = live.slice(from, from + AT_ONCE).flatMap(({ userId, sequence }) => [userId, sequence]);
      const outcome = await this.#scripts.ask<MarkOutcome>('markPending', campaignId, [epoch, ...pairs], (reply) =>
        reply[0] === 'marked' ? { kind: 'marked', marked: Number(reply[1]) } : { kind: 'overtaken' },
      );
      if (outcome.kind !== 'marked') return outcome;
      marked += outcome.marked;
      from += AT_ONCE;
    } while (from < live.length);
    return { kind: 'marked', marked };
  }

  async retire(campaignId: CampaignId, version: number): Promise<'retired' | 'busy'> {
    const [outcome] = await this.#scripts.askAnyState('retire', campaignId, [version]);
    return outcome === 'retired' ? outcome : 'busy';
  }

  voidUser(campaignId: CampaignId, userId: UserId, sequence: number): Promise<VoidUserOutcome> {
    return this.#scripts.ask<VoidUserOutcome>('voidUser', campaignId, [userId, sequence], ([kind]) => ({
      kind: kind === 'voided' ? kind : 'not-held',
    }));
  }

  sample(campaignId: CampaignId): Promise<CounterSample | UnknownStanding> {
    return this.#scripts.ask('sample', campaignId, [], ([epoch, counter, ...pending]) => ({
      epoch: Number(epoch),
      counter: Number(counter),
      pending: pending.map(Number),
    }));
  }

  async confirms(grant: Grant): Promise<Confirmation> {
    if (await this.#holds(grant)) return 'granted';
    const { campaignId, userId, sequence, epoch } = grant;
    // Asked by script, which answers for a counter only that is open and complete.
    const holding = await this.#scripts.ask('holding', campaignId, [userId], ([presentEpoch, presentSequence]) => ({
      isSame: Number(presentEpoch) === epoch && Number(presentSequence) === sequence,
    }));
    if ('kind' in holding) return 'unknown';
    return holding.isSame ? 'granted' : 'not-granted';
  }

  /** In whatever state the counter is. A key of a wrong type, which a rebuild is about to replace, holds nothing. */
  async #holds({ campaignId, userId, sequence, epoch }: Grant): Promise<boolean> {
    const [meta, users] = counterKeys(campaignId);
    const [presentEpoch, presentSequence] = await ask(this.#redis, async (redis) => {
      const results = (await redis.multi().hget(meta, 'epoch').hget(users, userId).exec()) ?? [];
      return results.map(([error, value]) => (error === null ? value : null));
    });
    return presentEpoch === String(epoch) && presentSequence === String(sequence);
  }
}
