import type { InMemoryProcess } from './in-memory-process.ts';
import type { InMemoryWorld } from './in-memory-world.ts';

/** One round of what the leader does about campaigns, in the order of its list. */
export async function leaderRound(world: InMemoryWorld, leader: InMemoryProcess): Promise<void> {
  await world.finish(leader.keepOpen());
  await leader.settlePendingGrants.execute();
  await leader.compareTerms.execute();
  await leader.finishVoids.execute();
}
