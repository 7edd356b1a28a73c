import type { CampaignId } from '../../domain/campaign-id.ts';
import type { Holder } from '../../domain/counter-standing.ts';
import type { CounterHoldings } from '../../domain/ports/counter-holdings.ts';
import type { InMemoryCounterStore } from './in-memory-counter-store.ts';

const AT_ONCE = 1_000;

export class InMemoryCounterHoldings implements CounterHoldings {
  readonly #store: InMemoryCounterStore;

  constructor(store: InMemoryCounterStore) {
    this.#store = store;
  }

  async *holders(campaignId: CampaignId): AsyncGenerator<readonly Holder[]> {
    // In the order of their granting, so that nobody is passed over by those who come after.
    for (let from = 0; ; from += AT_ONCE) {
      const page = await this.#store.ask(() => [...this.#store.get(campaignId).users].slice(from, from + AT_ONCE));
      if (page.length > 0) {
        yield page.map(([userId, held]) => ({ userId, sequence: Math.abs(held), voided: held < 0 }));
      }
      if (page.length < AT_ONCE) return;
    }
  }
}
