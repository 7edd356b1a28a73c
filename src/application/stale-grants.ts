import type { CampaignId } from '../domain/campaign-id.ts';
import type { Clock } from '../domain/ports/clock.ts';
import type { CounterKeeper } from '../domain/ports/counter-keeper.ts';
import type { CouponEventPublisher } from '../domain/ports/coupon-event-publisher.ts';
import { HAND_OVER_DEADLINE, STALE_AFTER } from '../domain/publish-deadline.ts';

const AT_ONCE = 500;

/** Publishes again what stayed pending in one campaign, the oldest first. */
export class StaleGrants {
  readonly #counters: CounterKeeper;
  readonly #publisher: CouponEventPublisher;
  readonly #clock: Clock;

  constructor(counters: CounterKeeper, publisher: CouponEventPublisher, clock: Clock) {
    this.#counters = counters;
    this.#publisher = publisher;
    this.#clock = clock;
  }

  /** Settles some, and answers how many; 0: there are none. */
  async settleSome(id: CampaignId): Promise<number> {
    const stale = await this.#counters.stale(id, STALE_AFTER, AT_ONCE);
    if (stale.length === 0) return 0;
    const handOverBy = this.#clock.monotonic() + HAND_OVER_DEADLINE;
    await Promise.all(stale.map((grant) => this.#publisher.publish(grant, handOverBy)));
    // Awaited, so that the next question gives others.
    await this.#counters.clearMarks(id, stale);
    return stale.length;
  }
}
