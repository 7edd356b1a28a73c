import type { Instant } from './campaign.ts';
import type { CampaignId } from './campaign-id.ts';
import type { UserId } from './user-id.ts';

/** A positive admission. It is pending until its event is acknowledged by the event log. */
export interface Grant {
  readonly campaignId: CampaignId;
  readonly userId: UserId;
  /** The number of the grant within its campaign, from 1. */
  readonly sequence: number;
  /** The epoch of the counter that granted it. */
  readonly epoch: number;
  /** The counter's clock at admission. */
  readonly grantedAt: Instant;
}

/** Campaign, user and sequence name a grant; epoch and time may differ after a rebuild. */
export const sameGrant = (
  a: Pick<Grant, 'campaignId' | 'userId' | 'sequence'>,
  b: Pick<Grant, 'campaignId' | 'userId' | 'sequence'>,
): boolean => a.campaignId === b.campaignId && a.userId === b.userId && a.sequence === b.sequence;
