import type { CampaignShelf } from '../../src/adapters/in-memory/records.ts';
import { slotHolders } from '../../src/adapters/in-memory/records-failed-event.ts';
import type { UserId } from '../../src/domain/user-id.ts';

/** Who holds which sequence according to the record; negative: voided, as the counter has it. */
export function holdingsOf(shelf: CampaignShelf): ReadonlyMap<UserId, number> {
  const holdings = new Map<UserId, number>();
  for (const { userId, sequence } of shelf.burnt.values()) if (userId !== null) holdings.set(userId, -sequence);
  for (const { grant } of slotHolders(shelf)) holdings.set(grant.userId, grant.sequence);
  for (const { userId, sequence } of shelf.couponsByUser.values()) holdings.set(userId, sequence);
  return holdings;
}
