import type { CampaignId } from '../domain/campaign-id.ts';
import type { CampaignRepository } from '../domain/ports/campaign-repository.ts';
import type { Clock } from '../domain/ports/clock.ts';
import type { CouponEventPublisher } from '../domain/ports/coupon-event-publisher.ts';
import type { StaleGrants } from './stale-grants.ts';

const AT_MOST_MS = 10_000;

/**
 * Publishes again what stayed pending: the process that granted it died, or the log was away and the user gave up.
 *
 * A round goes on until nothing stale is left, campaign by campaign and some of each at a time, so that tens of
 * thousands after an outage are settled in time, and no campaign waits for another.
 */
export class SettlePendingGrants {
  readonly #campaigns: CampaignRepository;
  readonly #staleGrants: StaleGrants;
  readonly #publisher: CouponEventPublisher;
  readonly #clock: Clock;

  constructor(campaigns: CampaignRepository, staleGrants: StaleGrants, publisher: CouponEventPublisher, clock: Clock) {
    this.#campaigns = campaigns;
    this.#staleGrants = staleGrants;
    this.#publisher = publisher;
    this.#clock = clock;
  }

  /** Answers how many grants were settled. Rejects with what went wrong first, after the other campaigns had their turn. */
  async execute(signal?: AbortSignal): Promise<number> {
    if (!this.#publisher.isAvailable()) return 0;
    const records = await this.#campaigns.active();
    let left = records.filter(({ openedAt }) => openedAt !== null).map(({ id }) => id);
    const until = this.#clock.monotonic() + AT_MOST_MS;
    const failures: unknown[] = [];
    let settled = 0;
    while (left.length > 0 && this.#clock.monotonic() < until) {
      const more: CampaignId[] = [];
      for (const id of left) {
        if (signal?.aborted === true || !this.#publisher.isAvailable()) return rejectOr(settled, failures);
        const some = await this.#staleGrants.settleSome(id).catch((error: unknown) => {
          failures.push(error);
          return 0;
        });
        settled += some;
        if (some > 0) more.push(id);
      }
      left = more;
    }
    return rejectOr(settled, failures);
  }
}

function rejectOr(settled: number, failures: readonly unknown[]): number {
  if (failures.length > 0) throw failures[0];
  return settled;
}
