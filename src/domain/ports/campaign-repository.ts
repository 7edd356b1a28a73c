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

  /** Every campaign that is not archived. */
  active(): Promise<readonly CampaignRecord[]>;

  /** Marks a campaign opened under a token, by the first who says so; answers whether this was the first. */
  markOpened(id: CampaignId, token: string, now: Instant): Promise<boolean>;
}

/**
 * Changes of terms: each takes its version by incrementing the campaign's. None touches its coupons or failed events.
 * An archived campaign stays as it is.
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
  change(id: CampaignId, patch: TermsPatch): Promise<CampaignRecord | 'lowers' | 'not-found' | 'archived'>;

  /** Takes a new version and leaves the terms as they are. Null: no such campaign, or an archived one. */
  reserveVersion(id: CampaignId): Promise<CampaignRecord | null>;

  /** Records terms under a version taken before, only while the campaign still has it; answers whether it did. */
  settleVersion(id: CampaignId, version: number, terms: CampaignTerms): Promise<boolean>;

  /** Records terms under a version that the counter is ahead with; a version that is not higher changes nothing. */
  adoptVersion(id: CampaignId, version: number, terms: CampaignTerms): Promise<void>;

  /**
   * Marks a campaign archived under a new version, with how much of its limit was granted, and answers it: only while it
   * still has the version, the epoch and the closing time that were seen, otherwise it changes nothing and answers null.
   * Of an archiving and a change that race, one takes effect.
   */
  archive(seen: SeenCampaign, granted: number, now: Instant): Promise<CampaignRecord | null>;
}

/** A campaign as somebody saw it who made up his mind about it. */
export type SeenCampaign = Pick<CampaignRecord, 'id' | 'version' | 'epoch' | 'endsAt'>;

export const isAsSeen = (record: CampaignRecord, seen: SeenCampaign): boolean =>
  record.archivedAt === null &&
  record.version === seen.version &&
  record.epoch === seen.epoch &&
  record.endsAt === seen.endsAt;
