import type { KnownIncarnation } from '../../application/known-incarnation.ts';
import type { CampaignRecord, CampaignTerms } from '../../domain/campaign.ts';
import type { CampaignId } from '../../domain/campaign-id.ts';
import type { CounterSample, UnknownStanding } from '../../domain/counter-standing.ts';
import type { Grant } from '../../domain/grant.ts';
import { Unavailable } from '../../domain/outage.ts';
import type { ChangeOutcome, CounterKeeper, Preparation } from '../../domain/ports/counter-keeper.ts';
import { isComplete, metaOf, pendingGrants } from './counter-meta.ts';
import { FencedCounter } from './fenced-counter.ts';
import type { InMemoryCounterStore } from './in-memory-counter-store.ts';

export class InMemoryCounterKeeper implements CounterKeeper {
  readonly #store: InMemoryCounterStore;
  readonly #fenced: FencedCounter;

  constructor(store: InMemoryCounterStore, known: KnownIncarnation) {
    this.#store = store;
    this.#fenced = new FencedCounter(store, known);
  }

  prepare(record: CampaignRecord, token: string): Promise<Preparation> {
    return this.#askOpened<Preparation>(() => {
      const { meta, users, pending } = this.#store.get(record.id);
      if (meta === null && users.size === 0 && pending.size === 0) {
        const prepared = metaOf(record, { state: 'prepared', token, closed: 0, counter: 0, holes: 0 });
        this.#store.put(record.id, { meta: prepared });
        return { kind: 'prepared', token };
      }
      return meta?.state === 'prepared' ? { kind: 'prepared', token: meta.token } : { kind: 'conflict' };
    });
  }

  open(campaignId: CampaignId, token: string): Promise<boolean> {
    return this.#askOpened(() => {
      const counter = this.#store.get(campaignId);
      const { meta } = counter;
      if (meta === null || !isComplete(counter)) return false;
      if (meta.state === 'prepared' && meta.token === token) {
        this.#store.put(campaignId, { meta: { ...meta, state: 'open' } });
        return true;
      }
      return meta.state === 'open' && meta.token === token;
    });
  }

  change(campaignId: CampaignId, terms: CampaignTerms, burnt: number, version: number): Promise<ChangeOutcome> {
    const { name, startsAt, endsAt } = terms;
    return this.#fenced.ask<ChangeOutcome>(campaignId, ({ meta, put }) => {
      if (version <= meta.version) return { kind: 'outdated' };
      const limit = Math.max(terms.limit, meta.counter - burnt);
      const ceiling = limit + burnt;
      put({ ...meta, name, startsAt, endsAt, limit, ceiling, version });
      return { kind: 'changed', limit, ceiling };
    });
  }

  async stale(campaignId: CampaignId, olderThan: number, most: number): Promise<readonly Grant[]> {
    const stale = await this.#fenced.ask(campaignId, (open) =>
      pendingGrants(campaignId, open)
        .filter(({ grantedAt }) => open.now - grantedAt > olderThan)
        .toSorted((a, b) => a.grantedAt - b.grantedAt)
        .slice(0, most),
    );
    return 'kind' in stale ? [] : stale;
  }

  sample(campaignId: CampaignId): Promise<CounterSample | UnknownStanding> {
    return this.#fenced.ask<CounterSample | UnknownStanding>(campaignId, (open) => {
      const pending = pendingGrants(campaignId, open).map(({ sequence }) => sequence);
      return { epoch: open.meta.epoch, counter: open.meta.counter, pending };
    });
  }

  confirms(grant: Grant): Promise<boolean> {
    return this.#store.ask(() => {
      const { meta, users } = this.#store.get(grant.campaignId);
      return meta?.epoch === grant.epoch && users.get(grant.userId) === grant.sequence;
    });
  }

  #askOpened<T>(work: () => T): Promise<T> {
    return this.#store.ask(() => {
      if (this.#fenced.isFenced()) throw new Unavailable('counter', 'the counter is not open yet');
      return work();
    });
  }
}
