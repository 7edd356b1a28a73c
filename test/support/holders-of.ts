import type { Holder } from '../../src/domain/counter-standing.ts';
import type { Snapshot } from '../../src/domain/ports/issuance-records.ts';

/** All holders of a snapshot, by sequence; of two entries of one user the later one, as a counter takes them. */
export async function holdersOf(snapshot: Snapshot | null): Promise<readonly Holder[]> {
  const holders = new Map<string, Holder>();
  for await (const page of snapshot?.holders ?? []) for (const holder of page) holders.set(holder.userId, holder);
  return [...holders.values()].toSorted((a, b) => a.sequence - b.sequence);
}
