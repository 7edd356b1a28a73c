import type { CampaignRepository } from '../domain/ports/campaign-repository.ts';
import type { Clock } from '../domain/ports/clock.ts';
import type { CounterKeeper } from '../domain/ports/counter-keeper.ts';
import type { CouponEventPublisher } from '../domain/ports/coupon-event-publisher.ts';
import type { IssuanceCounter } from '../domain/ports/issuance-counter.ts';
import { HAND_OVER_DEADLINE, STALE_AFTER } from '../domain/publish-deadline.ts';

const AT_ONCE = 500;

/** Publishes again what stayed pending: the process that granted it died, or the log was away and the user gave up. */
export class SettlePendingGrants {
  readonly #campaigns: CampaignRepository;
  readonly #counters: CounterKeeper;
  readonly #counter: IssuanceCounter;
  readonly #publisher: CouponEventPublisher;
  readonly #clock: Clock;

  constructor(
    campaigns: CampaignRepository,
    counters: CounterKeeper,
    counter: IssuanceCounter,
    publisher: CouponEventPublisher,
    clock: Clock,
  ) {
    this.#campaigns = campaigns;
    this.#counters = counters;
    this.#counter = counter;
    this.#publisher = publisher;
    this.#clock = clock;
  }

  /** Answers how many grants were settled. */
  async execute(): Promise<number> {
    if (!this.#publisher.isAvailable()) return 0;
    let settled = 0;
    for (const { id, openedAt } of await this.#campaigns.all()) {
      if (openedAt === null) continue;
      const stale = await this.#counters.stale(id, STALE_AFTER, AT_ONCE);
      const handOverBy = this.#clock.monotonic() + HAND_OVER_DEADLINE;
      await Promise.all(
        stale.map(async (grant) => {
          await this.#publisher.publish(grant, handOverBy);
          this.#counter.settle(grant);
        }),
      );
      settled += stale.length;
    }
    return settled;
  }
}
