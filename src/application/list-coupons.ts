import type { Coupon } from '../domain/coupon.ts';
import type { Page, PageRequest } from '../domain/page.ts';
import type { CouponRepository } from '../domain/ports/coupon-repository.ts';
import type { UserId } from '../domain/user-id.ts';

export class ListCoupons {
  readonly #coupons: CouponRepository;

  constructor(coupons: CouponRepository) {
    this.#coupons = coupons;
  }

  execute(userId: UserId, page: PageRequest): Promise<Page<Coupon>> {
    return this.#coupons.listOf(userId, page);
  }
}
