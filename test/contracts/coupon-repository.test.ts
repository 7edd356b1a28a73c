import { inMemoryRecord } from '../support/permanent-record.ts';
import { couponRepositoryContract } from './coupon-repository.contract.ts';

couponRepositoryContract('InMemoryCouponRepository', async () => inMemoryRecord());
