import type { Redis } from 'ioredis';
import type { KnownIncarnation } from '../../application/known-incarnation.ts';
import type { CampaignRecord, CampaignTerms } from '../../domain/campaign.ts';
import type { CampaignId } from '../../domain/campaign-id.ts';
import type { CounterSample, UnknownStanding } from '../../domain/counter-standing.ts';
import type { Grant } from '../../domain/grant.ts';
import type { ChangeOutcome, CounterKeeper, Preparation } from '../../domain/ports/counter-keeper.ts';
import { counterKeys } from './counter-keys.ts';
import { metaFields, timeField } from './counter-meta.ts';
import { FencedScripts } from './fenced-scripts.ts';
import { ask } from './redis-connection.ts';
import { grantsOf } from './reply.ts';

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

  sample(campaignId: CampaignId): Promise<CounterSample | UnknownStanding> {
    return this.#scripts.ask('sample', campaignId, [], ([epoch, counter, ...pending]) => ({
      epoch: Number(epoch),
      counter: Number(counter),
      pending: pending.map(Number),
    }));
  }

  async confirms({ campaignId, userId, sequence, epoch }: Grant): Promise<boolean> {
    const [meta, users] = counterKeys(campaignId);
    const [presentEpoch, presentSequence] = await ask(this.#redis, async (redis) => {
      const results = (await redis.multi().hget(meta, 'epoch').hget(users, userId).exec()) ?? [];
      return results.map(([error, value]) => {
        if (error !== null) throw error;
        return value;
      });
    });
    return presentEpoch === String(epoch) && presentSequence === String(sequence);
  }
}
