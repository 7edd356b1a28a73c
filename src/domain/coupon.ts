import type { Instant } from './campaign.ts';
import type { CampaignId } from './campaign-id.ts';
import type { UserId } from './user-id.ts';

/** The permanent record of a coupon. */
export interface Coupon {
  readonly campaignId: CampaignId;
  readonly userId: UserId;
  readonly sequence: number;
  readonly issuedAt: Instant;
}

export const couponId = (coupon: Pick<Coupon, 'campaignId' | 'sequence'>): string =>
  `${coupon.campaignId}/${coupon.sequence}`;
