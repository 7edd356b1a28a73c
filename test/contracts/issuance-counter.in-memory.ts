import { InMemoryCounterHoldings } from '../../src/adapters/in-memory/in-memory-counter-holdings.ts';
import { InMemoryCounterKeeper } from '../../src/adapters/in-memory/in-memory-counter-keeper.ts';
import { InMemoryCounterOpening } from '../../src/adapters/in-memory/in-memory-counter-opening.ts';
import { InMemoryCounterStore } from '../../src/adapters/in-memory/in-memory-counter-store.ts';
import { InMemoryIssuanceCounter } from '../../src/adapters/in-memory/in-memory-issuance-counter.ts';
import type { CounterServer } from './issuance-counter.subject.ts';

export async function inMemoryCounterServer(): Promise<CounterServer> {
  const store = new InMemoryCounterStore({ now: () => Date.now(), monotonic: () => performance.now() });
  return {
    opening: new InMemoryCounterOpening(store),
    process: async (known) => ({
      counter: new InMemoryIssuanceCounter(store, known),
      keeper: new InMemoryCounterKeeper(store, known),
      holdings: new InMemoryCounterHoldings(store),
    }),
    replace: async () => store.restart(),
    lose: async (campaignId, part) => store.lose(campaignId, part),
    suffer: async (fault) => store.suffer(fault),
    recover: async () => store.suffer('none'),
    [Symbol.asyncDispose]: async () => {},
  };
}
