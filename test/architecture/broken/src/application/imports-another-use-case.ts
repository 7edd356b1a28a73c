import { ApplyForCoupon } from './apply-for-coupon.ts'; export const other = new ApplyForCoupon();
