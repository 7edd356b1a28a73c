import type { CampaignId } from '../domain/campaign-id.ts';
import type { CampaignRepository } from '../domain/ports/campaign-repository.ts';
import type { CounterOpening } from '../domain/ports/counter-opening.ts';
import type { IssuanceRecords } from '../domain/ports/issuance-records.ts';

export type RebuildAnswer =
  | { readonly kind: 'ordered'; readonly epoch: number }
  | { readonly kind: 'campaign-not-found' | 'campaign-archived' | 'campaign-never-opened' };

/**
 * Orders a rebuild of one campaign's counter: the new epoch in the record is the order, the closing makes it known at
 * once. The leader does the rest; it also sees an order whose closing a crash has prevented.
 */
export class RebuildCampaign {
  readonly #campaigns: CampaignRepository;
  readonly #records: IssuanceRecords;
  readonly #opening: CounterOpening;

  constructor(campaigns: CampaignRepository, records: IssuanceRecords, opening: CounterOpening) {
    this.#campaigns = campaigns;
    this.#records = records;
    this.#opening = opening;
  }

  async execute(id: CampaignId): Promise<RebuildAnswer> {
    const record = await this.#campaigns.find(id);
    if (record === null) return { kind: 'campaign-not-found' };
    if (record.archivedAt !== null) return { kind: 'campaign-archived' };
    if (record.openedAt === null) return { kind: 'campaign-never-opened' };
    const session = await this.#opening.begin();
    try {
      const epoch = await this.#records.raiseEpoch(id);
      if (epoch === null) return { kind: 'campaign-archived' };
      // False: a later rebuild has closed it already, and counts for this one.
      await session.close(id, epoch);
      return { kind: 'ordered', epoch };
    } finally {
      await session.end();
    }
  }
}
