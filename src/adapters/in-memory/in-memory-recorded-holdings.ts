import type { CampaignRecord } from '../../domain/campaign.ts';
import type { CampaignId } from '../../domain/campaign-id.ts';
import type { RecordedHoldings } from '../../domain/ports/recorded-holdings.ts';
import type { RecordedHolding } from '../../domain/sequence-comparison.ts';
import type { InMemoryRecords } from './records.ts';
import { slotHolders } from './records-failed-event.ts';

/** One step, and so one moment. */
export class InMemoryRecordedHoldings implements RecordedHoldings {
  readonly #records: InMemoryRecords;

  constructor(records: InMemoryRecords) {
    this.#records = records;
  }

  async read(id: CampaignId, take: (page: readonly RecordedHolding[]) => void): Promise<CampaignRecord | null> {
    const shelf = this.#records.find(id);
    if (!shelf?.record) return null;
    const holdings: RecordedHolding[] = [];
    for (const { sequence, userId } of shelf.couponsBySequence.values()) {
      holdings.push({ place: 'coupon', sequence, userId, isUntold: false });
    }
    for (const { grant } of slotHolders(shelf)) {
      holdings.push({ place: 'failed-event', sequence: grant.sequence, userId: grant.userId, isUntold: false });
    }
    for (const { sequence, userId, toldAt } of shelf.burnt.values()) {
      holdings.push({ place: 'burnt', sequence, userId, isUntold: userId !== null && toldAt === undefined });
    }
    if (holdings.length > 0) take(holdings);
    return { ...shelf.record };
  }
}
