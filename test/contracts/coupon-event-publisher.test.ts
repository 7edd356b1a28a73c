import { InMemoryEventLog } from '../../src/adapters/in-memory/event-log.ts';
import { InMemoryCouponEventPublisher } from '../../src/adapters/in-memory/in-memory-coupon-event-publisher.ts';
import { couponEventPublisherContract } from './coupon-event-publisher.contract.ts';

couponEventPublisherContract('in memory', async () => {
  const log = new InMemoryEventLog('coupon_create', 3);
  const clock = { now: () => 0, monotonic: () => 5_000 };
  return {
    publisher: new InMemoryCouponEventPublisher(log, clock),
    now: clock.monotonic,
    events: async () => [0, 1, 2].flatMap((partition) => log.read(partition, 0n, 10_000)),
    suffer: (fault) => log.suffer(fault),
    recover: () => log.suffer('none'),
    [Symbol.asyncDispose]: async () => {},
  };
});
