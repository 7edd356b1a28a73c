export class ApplyForCoupon {}
