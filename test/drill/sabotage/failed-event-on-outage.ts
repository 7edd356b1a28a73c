import { setTimeout as sleep } from 'node:timers/promises';
import { built } from '../built.ts';

/** What the database could not take in time becomes a failed event instead of being tried again. */
type Coupons = typeof import('../../../src/adapters/mikro-orm/mikro-orm-coupon-repository.ts');
type Failures = typeof import('../../../src/adapters/mikro-orm/mikro-orm-failed-event-store.ts');
const { MikroOrmCouponRepository } = await built<Coupons>('adapters/mikro-orm/mikro-orm-coupon-repository');
const { MikroOrmFailedEventStore } = await built<Failures>('adapters/mikro-orm/mikro-orm-failed-event-store');
const { issue } = MikroOrmCouponRepository.prototype;
MikroOrmCouponRepository.prototype.issue = async function (grants) {
  try {
    return await issue.call(this, grants);
  } catch (error) {
    return grants.map(() => ({ kind: 'failed', reason: 'rejected', detail: String(error) }));
  }
};
const { keep } = MikroOrmFailedEventStore.prototype;
MikroOrmFailedEventStore.prototype.keep = async function (failures) {
  for (;;) {
    try {
      return await keep.call(this, failures);
    } catch {
      await sleep(100);
    }
  }
};
