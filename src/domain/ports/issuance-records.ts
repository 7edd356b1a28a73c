import type { CampaignRecord, Instant } from '../campaign.ts';
import type { CampaignId } from '../campaign-id.ts';
import type { CounterSample, Holder } from '../counter-standing.ts';

export interface Snapshot {
  /** The campaign with its new minimum epoch, version and ceiling. */
  readonly record: CampaignRecord;
  readonly highest: number;
  /** Read page by page when they are asked for: a million of them are never in memory together. */
  readonly holders: AsyncIterable<readonly Holder[]>;
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
  /** Raises the campaign's epoch by one and answers it. Null where the campaign is archived: its epoch stays as it is. */
  raiseEpoch(id: CampaignId): Promise<number | null>;

  /**
   * In one transaction against which no coupon can be issued: sets the minimum epoch, takes a new version, and records
   * the unused sequences below the highest used one as burnt, which raises the ceiling by as many.
   * Null where the campaign's epoch is no longer this one: another rebuild has begun.
   * More than `MOST_GAPS` unused sequences are refused: it rejects, saying how many, and changes nothing.
   * A burnt sequence counts as used, and never becomes a coupon.
   * Holders are the users of coupons, of failed events that hold a slot, and of voided grants.
   * The holders may be read until the campaign is reopened. Nobody whose sequence is above the highest is one of them.
   * Who was reissued between a snapshot and the reading of its holders is given, who was voided is given as voided then,
   * after anything else that is given of him.
   */
  snapshot(id: CampaignId, epoch: number, now: Instant): Promise<Snapshot | null>;

  /**
   * The highest sequence of each recorded campaign that a coupon, a failed event holding a slot or a burnt sequence
   * uses; 0 where none does. Asked once a second: it takes no longer for a million coupons than for one.
   */
  highest(): Promise<ReadonlyMap<CampaignId, number>>;

  /** Counts what is recorded, and how much of the sample. */
  account(id: CampaignId, sample: CounterSample): Promise<Account>;

  /**
   * Which of these holders have no coupon of their sequence, no open failed event of it, and no burnt sequence.
   * A coupon of another sequence or user is no record of a holder, nor is a failed event that came too late: what its
   * user holds now is another grant.
   */
  unrecorded(id: CampaignId, holders: readonly Holder[]): Promise<readonly Holder[]>;
}
