import type { CampaignId } from '../../src/domain/campaign-id.ts';
import { MOST_SAMPLED } from '../../src/domain/counter-standing.ts';
import type { InMemoryWorld } from './in-memory-world.ts';
import { randomUserId } from './random.ts';

/** One pending mark more than a sample reads. */
export function crowd({ store }: InMemoryWorld, id: CampaignId): void {
  const { meta, pending } = store.get(id);
  if (meta === null) throw new Error(`${id} has no meta`);
  while (pending.size <= MOST_SAMPLED) pending.set(randomUserId(), store.now());
  store.put(id, { meta: { ...meta, pendingCount: pending.size } });
}
