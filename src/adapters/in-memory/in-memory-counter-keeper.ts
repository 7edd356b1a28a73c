import type { KnownIncarnation } from '../../application/known-incarnation.ts';
import type { CampaignRecord, CampaignTerms } from '../../domain/campaign.ts';
import type { CampaignId } from '../../domain/campaign-id.ts';
import { type CounterSample, type Holder, MOST_SAMPLED, type UnknownStanding } from '../../domain/counter-standing.ts';
import type { Grant } from '../../domain/grant.ts';
import { Unavailable } from '../../domain/outage.ts';
import type {
  ChangeOutcome,
  Confirmation,
  CounterKeeper,
  MarkOutcome,
  Preparation,
  VoidUserOutcome,
} from '../../domain/ports/counter-keeper.ts';
import type { UserId } from '../../domain/user-id.ts';
import { isComplete, metaOf, openMeta, pendingGrants } from './counter-meta.ts';
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

  async clearMarks(campaignId: CampaignId, grants: readonly Grant[]): Promise<void> {
    await this.#fenced.ask(campaignId, ({ meta, users, pending, put }) => {
      const held = grants.filter(({ userId, sequence, epoch }) => {
        return epoch === meta.epoch && users.get(userId) === sequence && pending.delete(userId);
      });
      put({ ...meta, pendingCount: meta.pendingCount - held.length });
    });
  }

  markPending(campaignId: CampaignId, epoch: number, holders: readonly Holder[]): Promise<MarkOutcome> {
    return this.#fenced.ask<MarkOutcome>(campaignId, ({ meta, users, pending, now, put }) => {
      if (meta.epoch !== epoch) return { kind: 'overtaken' };
      let marked = 0;
      for (const { userId, sequence, voided } of holders) {
        if (voided || users.get(userId) !== sequence || pending.has(userId)) continue;
        pending.set(userId, now);
        marked += 1;
      }
      put({ ...meta, pendingCount: meta.pendingCount + marked });
      return { kind: 'marked', marked };
    });
  }

  retire(campaignId: CampaignId, version: number): Promise<'retired' | 'busy'> {
    return this.#askOpened(() => {
      const meta = openMeta(this.#store.get(campaignId));
      if (typeof meta === 'object' && (meta.pendingCount > 0 || meta.version > version)) return 'busy';
      this.#store.remove(campaignId);
      return 'retired';
    });
  }

  voidUser(campaignId: CampaignId, userId: UserId, sequence: number): Promise<VoidUserOutcome> {
    return this.#fenced.ask<VoidUserOutcome>(campaignId, ({ meta, users, pending, put }) => {
      const held = users.get(userId);
      if (held === -sequence) return { kind: 'voided' };
      if (held !== sequence) return { kind: 'not-held' };
      users.set(userId, -sequence);
      if (pending.delete(userId)) put({ ...meta, pendingCount: meta.pendingCount - 1 });
      return { kind: 'voided' };
    });
  }

  sample(campaignId: CampaignId): Promise<CounterSample | UnknownStanding> {
    return this.#fenced.ask<CounterSample | UnknownStanding>(campaignId, (open) => {
      if (open.meta.pendingCount > MOST_SAMPLED) return { kind: 'unknown', reason: 'crowded' };
      const pending = pendingGrants(campaignId, open).map(({ sequence }) => sequence);
      return { epoch: open.meta.epoch, counter: open.meta.counter, pending };
    });
  }

  confirms(grant: Grant): Promise<Confirmation> {
    return this.#store.ask(() => {
      const counter = this.#store.get(grant.campaignId);
      const { meta, users } = counter;
      if (meta?.epoch === grant.epoch && users.get(grant.userId) === grant.sequence) return 'granted';
      return this.#fenced.isFenced() || typeof openMeta(counter) === 'string' ? 'unknown' : 'not-granted';
    });
  }

  #askOpened<T>(work: () => T): Promise<T> {
    return this.#store.ask(() => {
      if (this.#fenced.isFenced()) throw new Unavailable('counter', 'the counter is not open yet');
      return work();
    });
  }
}
