import type { Admission, UnknownReason } from '../domain/admission.ts';
import type { Instant } from '../domain/campaign.ts';
import type { CampaignId } from '../domain/campaign-id.ts';
import type { Grant } from '../domain/grant.ts';
import { isOutage } from '../domain/outage.ts';
import type { Clock } from '../domain/ports/clock.ts';
import type { CouponEventPublisher } from '../domain/ports/coupon-event-publisher.ts';
import type { IssuanceCounter } from '../domain/ports/issuance-counter.ts';
import { HAND_OVER_DEADLINE, PUBLISH_DEADLINE } from '../domain/publish-deadline.ts';
import type { UserId } from '../domain/user-id.ts';
import type { CampaignDirectory } from './campaign-directory.ts';

export type ApplicationAnswer =
  /** Durable. `first`: this answer is the first that could tell the sequence. */
  | { readonly kind: 'accepted'; readonly grant: Grant; readonly first: boolean }
  | { readonly kind: 'sold-out' }
  | { readonly kind: 'not-started'; readonly startsAt: Instant; readonly now: Instant }
  | { readonly kind: 'ended' }
  | { readonly kind: 'voided' }
  | { readonly kind: 'campaign-not-found' }
  /** A slot may be taken for this user. Asking again is safe and settles it. */
  | { readonly kind: 'outcome-unknown' }
  | { readonly kind: 'rebuilding'; readonly reason: UnknownReason }
  /** Nothing was granted: too many applications wait here, or the event log is away. */
  | { readonly kind: 'overloaded' }
  | { readonly kind: 'event-log-away' };

/**
 * Grants a slot and answers only when the grant is durable.
 *
 * A grant is never taken back here: a publish that timed out may have arrived. The slot stays pending, and the user's
 * next try, or the leader, publishes the same event again.
 */
export class ApplyForCoupon {
  readonly #counter: IssuanceCounter;
  readonly #publisher: CouponEventPublisher;
  readonly #directory: CampaignDirectory;
  readonly #clock: Clock;
  readonly #mostInFlight: number;
  readonly #publishing = new Map<string, { readonly grant: Grant; readonly done: Promise<void> }>();
  #inFlight = 0;

  constructor(
    counter: IssuanceCounter,
    publisher: CouponEventPublisher,
    directory: CampaignDirectory,
    clock: Clock,
    mostInFlight: number,
  ) {
    this.#counter = counter;
    this.#publisher = publisher;
    this.#directory = directory;
    this.#clock = clock;
    this.#mostInFlight = mostInFlight;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** The next application would be answered `overloaded`. */
  get isFull(): boolean {
    return this.#inFlight >= this.#mostInFlight;
  }

  async execute(campaignId: CampaignId, userId: UserId, traceparent?: string): Promise<ApplicationAnswer> {
    if (this.isFull) return { kind: 'overloaded' };
    if (!this.#publisher.isAvailable()) return { kind: 'event-log-away' };
    this.#inFlight += 1;
    try {
      // Read before the admission is sent: a rebuild that closes the counter afterwards outwaits every promise made on it.
      const sentAt = this.#clock.monotonic();
      return await this.#answer(await this.#counter.admit(campaignId, userId), campaignId, sentAt, traceparent);
    } finally {
      this.#inFlight -= 1;
    }
  }

  #answer(
    admission: Admission,
    campaignId: CampaignId,
    sentAt: number,
    traceparent: string | undefined,
  ): ApplicationAnswer | Promise<ApplicationAnswer> {
    switch (admission.kind) {
      case 'granted':
        return this.#makeDurable(admission.grant, sentAt, traceparent);
      case 'already-granted':
        return admission.pending
          ? this.#makeDurable(admission.grant, sentAt, traceparent)
          : { kind: 'accepted', grant: admission.grant, first: false };
      case 'unknown':
        return this.#unknown(campaignId, admission.reason);
      case 'not-started':
      case 'sold-out':
      case 'ended':
      case 'voided':
        return admission;
    }
  }

  async #unknown(campaignId: CampaignId, reason: UnknownReason): Promise<ApplicationAnswer> {
    const { kind } = await this.#directory.explain(campaignId, reason);
    if (kind === 'not-recorded') return { kind: 'campaign-not-found' };
    return kind === 'archived' ? { kind: 'ended' } : { kind: 'rebuilding', reason };
  }

  async #makeDurable(grant: Grant, sentAt: number, traceparent: string | undefined): Promise<ApplicationAnswer> {
    try {
      await this.#publishOnce(grant, sentAt, traceparent);
    } catch (error) {
      if (isOutage(error)) return { kind: 'outcome-unknown' };
      throw error;
    }
    return this.#clock.monotonic() - sentAt > PUBLISH_DEADLINE
      ? { kind: 'outcome-unknown' }
      : { kind: 'accepted', grant, first: true };
  }

  /** Users press twice: the second press waits for the publish of the first. */
  #publishOnce(grant: Grant, sentAt: number, traceparent: string | undefined): Promise<void> {
    const key = `${grant.campaignId}/${grant.userId}`;
    const present = this.#publishing.get(key);
    if (present?.grant.sequence === grant.sequence && present.grant.epoch === grant.epoch) return present.done;
    const done = this.#publisher.publish(grant, sentAt + HAND_OVER_DEADLINE, traceparent).then(
      () => {
        this.#forget(key, done);
        this.#counter.settle(grant);
      },
      (error: unknown) => {
        this.#forget(key, done);
        throw error;
      },
    );
    this.#publishing.set(key, { grant, done });
    return done;
  }

  #forget(key: string, done: Promise<void>): void {
    if (this.#publishing.get(key)?.done === done) this.#publishing.delete(key);
  }
}
