import type { KnownIncarnation } from '../../application/known-incarnation.ts';
import type { UnknownReason } from '../../domain/admission.ts';
import type { Instant } from '../../domain/campaign.ts';
import type { CampaignId } from '../../domain/campaign-id.ts';
import type { UnknownStanding } from '../../domain/counter-standing.ts';
import { type CounterMeta, openMeta } from './counter-meta.ts';
import type { CampaignCounter, InMemoryCounterStore } from './in-memory-counter-store.ts';

export interface OpenCounter extends CampaignCounter {
  readonly meta: CounterMeta;
  readonly now: Instant;
  readonly put: (meta: CounterMeta) => void;
}

/** The store as a process sees it that may know an old incarnation. */
export class FencedCounter {
  readonly #store: InMemoryCounterStore;
  readonly #known: KnownIncarnation;

  constructor(store: InMemoryCounterStore, known: KnownIncarnation) {
    this.#store = store;
    this.#known = known;
  }

  /** One request about a campaign whose counter must be open and complete. */
  ask<T>(campaignId: CampaignId, work: (open: OpenCounter) => T): Promise<T | UnknownStanding> {
    return this.#store.ask(() => {
      const open = this.#open(campaignId);
      return 'reason' in open ? { kind: 'unknown', reason: open.reason } : work(open);
    });
  }

  isFenced(): boolean {
    if (this.#store.isServing(this.#known.value)) return false;
    this.#known.doubt();
    return true;
  }

  #open(campaignId: CampaignId): OpenCounter | { readonly reason: UnknownReason } {
    if (this.isFenced()) return { reason: 'fenced' };
    const counter = this.#store.get(campaignId);
    const meta = openMeta(counter);
    if (typeof meta === 'string') return { reason: meta };
    const put = (changed: CounterMeta) => this.#store.put(campaignId, { ...counter, meta: changed });
    return { ...counter, meta, now: this.#store.now(), put };
  }
}
