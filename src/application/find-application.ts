import type { Holding, UnknownReason } from '../domain/admission.ts';
import type { Instant } from '../domain/campaign.ts';
import type { CampaignId } from '../domain/campaign-id.ts';
import type { Coupon } from '../domain/coupon.ts';
import type { OpenFailure } from '../domain/failed-event.ts';
import { isOutage } from '../domain/outage.ts';
import type { CouponRepository } from '../domain/ports/coupon-repository.ts';
import type { FailedEventStore } from '../domain/ports/failed-event-store.ts';
import type { IssuanceCounter } from '../domain/ports/issuance-counter.ts';
import type { UserId } from '../domain/user-id.ts';
import type { CampaignDirectory } from './campaign-directory.ts';

export type ApplicationStatus =
  /** No sequence was promised yet. */
  | { readonly kind: 'pending' }
  | { readonly kind: 'accepted' | 'failed' | 'voided'; readonly sequence: number }
  | { readonly kind: 'issued'; readonly sequence: number; readonly issuedAt: Instant }
  | { readonly kind: 'application-not-found' }
  | { readonly kind: 'campaign-not-found' }
  | { readonly kind: 'rebuilding'; readonly reason: UnknownReason };

interface Recorded {
  readonly coupon: Coupon | null;
  readonly failure: OpenFailure | null;
}

/** Tells a user what became of his application, and never a sequence that is not durable. */
export class FindApplication {
  readonly #counter: IssuanceCounter;
  readonly #coupons: CouponRepository;
  readonly #failedEvents: FailedEventStore;
  readonly #directory: CampaignDirectory;

  constructor(
    counter: IssuanceCounter,
    coupons: CouponRepository,
    failedEvents: FailedEventStore,
    directory: CampaignDirectory,
  ) {
    this.#counter = counter;
    this.#coupons = coupons;
    this.#failedEvents = failedEvents;
    this.#directory = directory;
  }

  async execute(campaignId: CampaignId, userId: UserId): Promise<ApplicationStatus> {
    const holding = await this.#counter.find(campaignId, userId);
    switch (holding.kind) {
      case 'pending':
        return { kind: 'pending' };
      case 'voided':
        return { kind: 'voided', sequence: holding.sequence };
      case 'granted':
        return this.#granted(campaignId, userId, holding);
      case 'none':
        return this.#none(await this.#recorded(campaignId, userId));
      case 'unknown':
        if (holding.reason === 'missing' && !(await this.#directory.has(campaignId))) {
          return { kind: 'campaign-not-found' };
        }
        return this.#undecided(await this.#recorded(campaignId, userId), holding.reason);
    }
  }

  /** With the permanent record away, `accepted` is the most that can be said. */
  async #granted(
    campaignId: CampaignId,
    userId: UserId,
    { sequence }: Extract<Holding, { kind: 'granted' }>,
  ): Promise<ApplicationStatus> {
    try {
      const { coupon, failure } = await this.#recorded(campaignId, userId);
      if (coupon !== null) return issued(coupon);
      if (failure?.sequence === sequence && failure.reason !== 'late-epoch') return { kind: 'failed', sequence };
    } catch (error) {
      if (!isOutage(error)) throw error;
    }
    return { kind: 'accepted', sequence };
  }

  #none({ coupon, failure }: Recorded): ApplicationStatus {
    if (coupon !== null) return issued(coupon);
    return failure?.reason === 'late-epoch' ? { kind: 'pending' } : { kind: 'application-not-found' };
  }

  /** The counter cannot say that somebody did not apply; a coupon is a coupon all the same. */
  #undecided({ coupon }: Recorded, reason: UnknownReason): ApplicationStatus {
    return coupon === null ? { kind: 'rebuilding', reason } : issued(coupon);
  }

  async #recorded(campaignId: CampaignId, userId: UserId): Promise<Recorded> {
    const coupon = await this.#coupons.find(campaignId, userId);
    return { coupon, failure: coupon ? null : await this.#failedEvents.openFailureOf(campaignId, userId) };
  }
}

const issued = (coupon: Coupon): ApplicationStatus => ({
  kind: 'issued',
  sequence: coupon.sequence,
  issuedAt: coupon.issuedAt,
});
