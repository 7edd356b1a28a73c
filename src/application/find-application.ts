import type { Holding, UnknownReason } from '../domain/admission.ts';
import type { Instant } from '../domain/campaign.ts';
import type { CampaignId } from '../domain/campaign-id.ts';
import type { Coupon } from '../domain/coupon.ts';
import type { OpenFailure } from '../domain/failed-event.ts';
import { finalBy } from '../domain/final-by.ts';
import type { Grant } from '../domain/grant.ts';
import { isOutage } from '../domain/outage.ts';
import type { CouponRepository } from '../domain/ports/coupon-repository.ts';
import type { FailedEventStore } from '../domain/ports/failed-event-store.ts';
import type { IssuanceCounter } from '../domain/ports/issuance-counter.ts';
import type { Voids } from '../domain/ports/voids.ts';
import type { UserId } from '../domain/user-id.ts';
import type { CampaignDirectory } from './campaign-directory.ts';

export type ApplicationStatus =
  /** No sequence was promised yet. `finalBy`: when it is settled; null where he waits for a free slot. */
  | { readonly kind: 'pending'; readonly finalBy: Instant | null }
  | { readonly kind: 'accepted' | 'failed' | 'voided'; readonly sequence: number }
  | { readonly kind: 'issued'; readonly sequence: number; readonly issuedAt: Instant }
  | { readonly kind: 'application-not-found' }
  | { readonly kind: 'campaign-not-found' }
  | { readonly kind: 'rebuilding'; readonly reason: UnknownReason };

interface Recorded {
  readonly coupon: Coupon | null;
  /** The sequence that an operator voided; the counter may not know of it yet. */
  readonly voided: number | null;
  readonly failure: OpenFailure | null;
}

/** Tells a user what became of his application, and never a sequence that is not durable. */
export class FindApplication {
  readonly #counter: IssuanceCounter;
  readonly #coupons: CouponRepository;
  readonly #failedEvents: FailedEventStore;
  readonly #voids: Voids;
  readonly #directory: CampaignDirectory;

  constructor(
    counter: IssuanceCounter,
    coupons: CouponRepository,
    failedEvents: FailedEventStore,
    voids: Voids,
    directory: CampaignDirectory,
  ) {
    this.#counter = counter;
    this.#coupons = coupons;
    this.#failedEvents = failedEvents;
    this.#voids = voids;
    this.#directory = directory;
  }

  async execute(campaignId: CampaignId, userId: UserId): Promise<ApplicationStatus> {
    const holding = await this.#counter.find(campaignId, userId);
    switch (holding.kind) {
      case 'pending':
        return this.#pending(holding.grant);
      case 'voided':
        return voided(holding.sequence);
      case 'granted':
        return this.#granted(campaignId, userId, holding);
      case 'none':
        return this.#none(await this.#recorded(campaignId, userId));
      case 'unknown':
        return this.#unknown(campaignId, userId, holding.reason);
    }
  }

  async #unknown(campaignId: CampaignId, userId: UserId, reason: UnknownReason): Promise<ApplicationStatus> {
    const { kind } = await this.#directory.explain(campaignId, reason);
    if (kind === 'not-recorded') return { kind: 'campaign-not-found' };
    const recorded = await this.#recorded(campaignId, userId);
    return kind === 'archived' ? this.#archived(recorded) : this.#undecided(recorded, reason);
  }

  /** The record is all there is. */
  #archived(recorded: Recorded): ApplicationStatus {
    const { coupon, failure } = recorded;
    if (coupon === null && failure !== null && failure.reason !== 'late-epoch') {
      return { kind: 'failed', sequence: failure.sequence };
    }
    return this.#none(recorded);
  }

  /** A grant may stay pending though its event was recorded, and voided. */
  async #pending(grant: Grant): Promise<ApplicationStatus> {
    try {
      const sequence = await this.#voids.sequenceOf(grant.campaignId, grant.userId);
      if (sequence === grant.sequence) return voided(sequence);
    } catch (error) {
      if (!isOutage(error)) throw error;
    }
    return { kind: 'pending', finalBy: finalBy(grant) };
  }

  /** With the permanent record away, `accepted` is the most that can be said. */
  async #granted(
    campaignId: CampaignId,
    userId: UserId,
    { sequence }: Extract<Holding, { kind: 'granted' }>,
  ): Promise<ApplicationStatus> {
    try {
      const recorded = await this.#recorded(campaignId, userId);
      const { coupon, failure } = recorded;
      if (coupon !== null) return issued(coupon);
      if (recorded.voided === sequence) return voided(sequence);
      if (failure?.sequence === sequence && failure.reason !== 'late-epoch') return { kind: 'failed', sequence };
    } catch (error) {
      if (!isOutage(error)) throw error;
    }
    return { kind: 'accepted', sequence };
  }

  #none(recorded: Recorded): ApplicationStatus {
    const known = decided(recorded);
    if (known !== null) return known;
    const isLate = recorded.failure?.reason === 'late-epoch';
    return isLate ? { kind: 'pending', finalBy: null } : { kind: 'application-not-found' };
  }

  /** The counter cannot say that somebody did not apply; a coupon is a coupon all the same. */
  #undecided(recorded: Recorded, reason: UnknownReason): ApplicationStatus {
    return decided(recorded) ?? { kind: 'rebuilding', reason };
  }

  async #recorded(campaignId: CampaignId, userId: UserId): Promise<Recorded> {
    const coupon = await this.#coupons.find(campaignId, userId);
    if (coupon !== null) return { coupon, voided: null, failure: null };
    const sequence = await this.#voids.sequenceOf(campaignId, userId);
    const failure = sequence === null ? await this.#failedEvents.openFailureOf(campaignId, userId) : null;
    return { coupon, voided: sequence, failure };
  }
}

/** What the record alone can say, whatever the counter knows. */
function decided({ coupon, voided: sequence }: Recorded): ApplicationStatus | null {
  if (coupon !== null) return issued(coupon);
  return sequence === null ? null : voided(sequence);
}

const voided = (sequence: number): ApplicationStatus => ({ kind: 'voided', sequence });

const issued = (coupon: Coupon): ApplicationStatus => ({
  kind: 'issued',
  sequence: coupon.sequence,
  issuedAt: coupon.issuedAt,
});
