import type { Grant } from '../../domain/grant.ts';
import { OutcomeUnknown, Unavailable } from '../../domain/outage.ts';
import type { Clock } from '../../domain/ports/clock.ts';
import type { CouponEventPublisher } from '../../domain/ports/coupon-event-publisher.ts';
import type { InMemoryEventLog } from './event-log.ts';

export class InMemoryCouponEventPublisher implements CouponEventPublisher {
  readonly #log: InMemoryEventLog;
  readonly #clock: Clock;
  #failed = false;

  constructor(log: InMemoryEventLog, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
  }

  isAvailable(): boolean {
    if (this.#log.fault === 'none') this.#failed = false;
    return !this.#failed;
  }

  async publish(grant: Grant, handOverBy: number, traceparent?: string): Promise<void> {
    if (!this.isAvailable()) throw new Unavailable('event-log', 'the event log has not answered again yet');
    if (this.#clock.monotonic() > handOverBy) throw new Unavailable('event-log', 'too late to hand the grant over');
    if (this.#log.fault === 'away') {
      this.#failed = true;
      throw new Unavailable('event-log', 'the event log is away');
    }
    this.#log.append(grant, traceparent);
    if (this.#log.fault === 'acknowledgements-lost') {
      this.#failed = true;
      throw new OutcomeUnknown('event-log', 'the event log did not acknowledge');
    }
  }
}
