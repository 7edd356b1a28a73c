import type { Grant } from '../grant.ts';

/**
 * Hands a grant to whoever records it.
 *
 * Each sentence below is a test in test/contracts/coupon-event-publisher.contract.ts.
 */
export interface CouponEventPublisher {
  /**
   * False from a failed or timed-out send on, until the log has answered again.
   * Nobody should be granted a slot meanwhile.
   */
  isAvailable(): boolean;

  /**
   * Resolves when the event is durable: acknowledged by every in-sync replica.
   * Of many grants at once each arrives once.
   * Publishing the same grant again is allowed, and makes a duplicate that its reader absorbs.
   * A grant whose `handOverBy` (monotonic milliseconds) has passed is not sent: rejects with `Unavailable`.
   * What was rejected with `Unavailable` never arrives.
   * Rejects with `OutcomeUnknown` when the event may or may not have arrived.
   * What the caller does with the grant afterwards changes nothing that was published.
   *
   * @param traceparent W3C trace context of the request, passed on unchanged
   */
  publish(grant: Grant, handOverBy: number, traceparent?: string): Promise<void>;
}
