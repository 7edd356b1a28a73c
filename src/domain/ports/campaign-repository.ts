import type { Campaign, CampaignRecord, CampaignTerms, Instant, TermsPatch } from '../campaign.ts';
import type { CampaignId } from '../campaign-id.ts';
import type { Page, PageRequest } from '../page.ts';

/**
 * The permanent record of campaigns.
 *
 * Rejects with `Unavailable` or `OutcomeUnknown` when the store cannot be asked (for MySQL: test/adapters/mikro-orm).
 * Shares nothing with its callers.
 * Each sentence below is a test in test/contracts/campaign-repository.contract.ts.
 */
export interface CampaignRepository {
  /** Records a campaign unless one with its id is there; answers the record that stands then. One of many who race creates it. */
  create(campaign: Campaign, now: Instant): Promise<{ readonly created: boolean; readonly record: CampaignRecord }>;

  find(id: CampaignId): Promise<CampaignRecord | null>;

  /**
   * Campaigns by id, in pages that neither skip nor repeat.
   *
   * @throws DomainError `invalid-request` for a cursor that no page gave
   */
  page(page: PageRequest): Promise<Page<CampaignRecord>>;

  /** Every campaign. */
  all(): Promise<readonly CampaignRecord[]>;

  /** Marks a campaign opened under a token, by the first who says so; answers the token that stands. */
  markOpened(id: CampaignId, token: string, now: Instant): Promise<string>;
}

/**
 * Changes of terms: each takes its version by incrementing the campaign's. None touches its coupons or failed events.
 *
 * Each sentence below is a test in test/contracts/campaign-repository.contract.ts.
 */
export interface CampaignChanges {
  /**
   * Records the patched terms under a new version; burnt sequences stay on top of the limit.
   * Concurrent patches of different fields all take effect.
   * A patch that would lower the limit changes nothing: a lowering asks the counter first.
   *
   * @throws DomainError `invalid-request` where the result is not a valid campaign
   */
  change(id: CampaignId, patch: TermsPatch): Promise<CampaignRecord | 'lowers' | 'not-found'>;

  /** Takes a new version and leaves the terms as they are. Null: no such campaign. */
  reserveVersion(id: CampaignId): Promise<CampaignRecord | null>;

  /** Records terms under a version taken before, only while the campaign still has it; answers whether it did. */
  settleVersion(id: CampaignId, version: number, terms: CampaignTerms): Promise<boolean>;

  /** Records terms under a version that the counter is ahead with; a version that is not higher changes nothing. */
  adoptVersion(id: CampaignId, version: number, terms: CampaignTerms): Promise<void>;
}
