import type { CampaignRecord, Instant } from '../campaign.ts';
import type { CampaignId } from '../campaign-id.ts';
import type { Actor } from '../failed-event.ts';
import type { Grant } from '../grant.ts';
import type { UserId } from '../user-id.ts';

export interface VoidRequest {
  readonly reason: string;
  readonly by: Actor;
  readonly now: Instant;
}

/** A grant that was voided: its user will never have a coupon of this sequence, nor will anybody else. */
export type VoidedGrant = Pick<Grant, 'campaignId' | 'userId' | 'sequence'>;

export type VoidOutcome =
  | {
      readonly kind: 'voided';
      /** What the event claimed to be; null where no grant can be read from it. */
      readonly grant: VoidedGrant | null;
      /** The grant whose slot is free again, and the campaign as it is now; null where the event held no slot. */
      readonly burnt: { readonly grant: VoidedGrant; readonly record: CampaignRecord } | null;
    }
  | { readonly kind: 'not-voidable'; readonly detail: string }
  | { readonly kind: 'not-found' };

/**
 * Failed events that an operator has given up.
 *
 * Rejects like `CouponRepository`. Each sentence below is a test in test/contracts/voids.contract.ts.
 */
export interface Voids {
  /**
   * Closes an open failed event for good, in one transaction.
   * Where it holds a slot, its sequence is burnt, with its user and the reason, and the campaign's ceiling and version rise by one.
   * A sequence that is another user's coupon by then is burnt without a higher ceiling.
   * Closes the other open failed events of the slot's grant too.
   * One that holds no slot is closed by itself, and nothing is burnt.
   * Voiding again answers the same, and burns nothing more, also where two race.
   * What has become a coupon is `not-voidable`.
   * The event of a voided grant, delivered again, is recorded already.
   * A rebuild counts the user of a voided grant among the holders, as voided.
   */
  voidEvent(id: string, request: VoidRequest): Promise<VoidOutcome>;

  /**
   * Voided grants that the counter was not told of yet, oldest first, of one campaign where asked.
   * An archived campaign has none: there is no counter to be told.
   */
  untold(campaignId: CampaignId | null): Promise<readonly VoidedGrant[]>;

  /** The counter knows of this void: it is not untold any more. */
  markTold(grant: VoidedGrant, now: Instant): Promise<void>;

  /** The voided sequence of a user in a campaign, or null. */
  sequenceOf(campaignId: CampaignId, userId: UserId): Promise<number | null>;
}
