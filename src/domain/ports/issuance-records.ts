import type { CampaignRecord, Instant } from '../campaign.ts';
import type { CampaignId } from '../campaign-id.ts';
import type { CounterSample, Holder } from '../counter-standing.ts';

export interface Snapshot {
  /** The campaign with its new minimum epoch, version and ceiling. */
  readonly record: CampaignRecord;
  readonly highest: number;
  readonly holders: readonly Holder[];
}

export interface Account {
  readonly issued: number;
  /** Open failed events of the campaign. */
  readonly failed: number;
  readonly burnt: number;
  /** Sequences up to the sample's counter, without those it has as pending, that are a coupon, held by a failed event, or burnt. */
  readonly recorded: number;
}

/**
 * What the permanent record says of a campaign as a whole: the ground on which its counter is rebuilt and checked.
 *
 * Each sentence below is a test in test/contracts/issuance-records.contract.ts.
 */
export interface IssuanceRecords {
  /** Raises the campaign's epoch by one and answers it. */
  raiseEpoch(id: CampaignId): Promise<number>;

  /**
   * In one transaction against which no coupon can be issued: sets the minimum epoch, takes a new version, and records
   * the unused sequences below the highest used one as burnt, which raises the ceiling by as many.
   * Null where the campaign's epoch is no longer this one: another rebuild has begun.
   * A burnt sequence counts as used, and never becomes a coupon.
   * Holders are the users of coupons, of failed events that hold a slot, and of voided grants.
   */
  snapshot(id: CampaignId, epoch: number, now: Instant): Promise<Snapshot | null>;

  /** Counts what is recorded, and how much of the sample. */
  account(id: CampaignId, sample: CounterSample): Promise<Account>;
}
