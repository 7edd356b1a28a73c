import { defineEntity, type InferEntity, p } from '@mikro-orm/mysql';
import { parseCampaignId } from '../../domain/campaign-id.ts';
import type { Coupon } from '../../domain/coupon.ts';
import { parseUserId } from '../../domain/user-id.ts';

export const CouponRow = defineEntity({
  name: 'CouponRow',
  tableName: 'coupons',
  properties: {
    campaignId: p.string().length(63).primary(),
    sequence: p.integer().unsigned().primary(),
    userId: p.bigint('string'),
    issuedAt: p.datetime(3),
  },
});

export const toCoupon = (row: InferEntity<typeof CouponRow>): Coupon => ({
  campaignId: parseCampaignId(row.campaignId),
  userId: parseUserId(row.userId),
  sequence: row.sequence,
  issuedAt: row.issuedAt.getTime(),
});
