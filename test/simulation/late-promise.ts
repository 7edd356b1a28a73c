import type { ApplyForCoupon } from '../../src/application/apply-for-coupon.ts';
import { TOKENS as T } from '../../src/bootstrap/tokens.ts';
import type { Clock } from '../../src/domain/ports/clock.ts';
import type { Host } from './host.ts';
import { altered } from './line.ts';
import type { Parts } from './parts.ts';

/** An application whose clock starts when the admission was answered, instead of before it was sent. */
export function applyingLate(near: Parts, host: Host): ApplyForCoupon {
  const counter = near.get(T.issuanceCounter);
  const publisher = near.get(T.couponEventPublisher);
  const execute: ApplyForCoupon['execute'] = (...asked) => {
    let startedAt: number | null = null;
    const started = (): number => startedAt ?? host.monotonic();
    const clock: Clock = { now: () => host.now(), monotonic: () => host.monotonic() - started() };
    const admit: typeof counter.admit = async (...values) => {
      const admission = await counter.admit(...values);
      startedAt = host.monotonic();
      return admission;
    };
    const own = near
      .with(T.clock, clock)
      .set(T.issuanceCounter, { ...counter, admit })
      .set(T.couponEventPublisher, {
        isAvailable: () => publisher.isAvailable(),
        publish: (grant, handOverBy, traceparent) => publisher.publish(grant, handOverBy + started(), traceparent),
      });
    return near.make(T.applyForCoupon, own).execute(...asked);
  };
  return altered<{ execute: ApplyForCoupon['execute'] }>({ execute }, {}) as ApplyForCoupon;
}
