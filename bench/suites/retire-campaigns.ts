import { counterKeys } from '../../src/adapters/redis/counter-keys.ts';
import { parseCampaignId } from '../../src/domain/campaign-id.ts';
import type { Installation } from '../support/installation.ts';

const archived = new WeakMap<Installation, readonly string[]>();

/**
 * Archived, and gone from Redis with the next call: of a campaign that was measured the leader has nothing more to watch
 * and to compare, which would be work of its own beside the next measurement. Not gone at once: a leader that looked at
 * the campaigns a moment before would miss it, and rebuild it.
 */
export async function retireCampaigns(installation: Installation, ids: readonly string[]): Promise<void> {
  for (const id of archived.get(installation) ?? []) {
    await installation.stores.redis.unlink(...counterKeys(parseCampaignId(id)));
  }
  archived.set(installation, ids);
  if (ids.length === 0) return;
  await installation.sql('update campaigns set archived_at = now(3), archived_granted = 0 where id in (?)', [ids]);
}
