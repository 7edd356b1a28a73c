import type { CampaignRecord } from '../campaign.ts';
import type { CampaignId } from '../campaign-id.ts';
import type { RecordedHolding } from '../sequence-comparison.ts';

/**
 * Reads out everything that the permanent record holds of a campaign, as it was at one moment.
 *
 * Rejects like `CouponRepository`. Each sentence below is a test in test/contracts/recorded-holdings.contract.ts.
 */
export interface RecordedHoldings {
  /**
   * Hands over every coupon, every failed event that holds a slot, and every burnt sequence, and answers the campaign,
   * all of it as it was at the same moment.
   * Hands over pages that neither skip nor repeat.
   * What is issued or voided meanwhile is seen wholly or not at all.
   * A void is untold until the counter was told of it.
   * Null, and nothing handed over: no such campaign.
   */
  read(id: CampaignId, take: (page: readonly RecordedHolding[]) => void): Promise<CampaignRecord | null>;
}
