import type { CampaignId } from '../domain/campaign-id.ts';
import type { Actor, FailedEvent } from '../domain/failed-event.ts';
import type { Grant } from '../domain/grant.ts';
import type { Clock } from '../domain/ports/clock.ts';
import type { CounterKeeper } from '../domain/ports/counter-keeper.ts';
import type { CouponEventPublisher } from '../domain/ports/coupon-event-publisher.ts';
import type { FailedEventStore, LeaseRequest } from '../domain/ports/failed-event-store.ts';
import type { IssuanceCounter } from '../domain/ports/issuance-counter.ts';
import type { Scheduler } from '../domain/ports/scheduler.ts';
import { HAND_OVER_DEADLINE } from '../domain/publish-deadline.ts';

export interface ReissueReport {
  readonly reissued: number;
  /** Open and reissuable, but not reissued: still refused, waiting for a free slot, or not reached in time. */
  readonly remaining: number;
  readonly notReissuable: number;
}

export type SingleReissue =
  | { readonly kind: 'done'; readonly report: ReissueReport }
  | { readonly kind: 'not-reissuable'; readonly detail: string }
  | { readonly kind: 'not-found' };

type Result =
  /** `still-failing` and `lease-lost` have given the lease back already. */
  | { readonly kind: 'reissued' | 'waiting' | 'still-failing' | 'lease-lost' }
  | { readonly kind: 'not-reissuable'; readonly detail: string };

const AT_ONCE = 100;
const AT_MOST_MS = 5_000;
/** Longer than a round and its last event take. Whoever is slower, or dead, leaves his events to the others then. */
const LEASE_MS = 30_000;
const FIRST_RETRY_MS = 30_000;
const LAST_RETRY_MS = 3_600_000;

/**
 * Turns failed events into coupons once the cause is gone. Each is leased first, so that of all processes one works on
 * it; an outage counts no attempt, and leaves it to whoever comes after the lease.
 */
export class ReissueFailedEvents {
  readonly #failedEvents: FailedEventStore;
  readonly #counter: IssuanceCounter;
  readonly #counters: CounterKeeper;
  readonly #publisher: CouponEventPublisher;
  readonly #clock: Clock;
  readonly #owner: string;

  constructor(
    failedEvents: FailedEventStore,
    counter: IssuanceCounter,
    counters: CounterKeeper,
    publisher: CouponEventPublisher,
    clock: Clock,
    scheduler: Pick<Scheduler, 'token'>,
  ) {
    this.#failedEvents = failedEvents;
    this.#counter = counter;
    this.#counters = counters;
    this.#publisher = publisher;
    this.#clock = clock;
    this.#owner = scheduler.token();
  }

  /** Tries every open failed event, due or not, however often it was refused, for at most five seconds. */
  async all(campaignId: CampaignId | null): Promise<ReissueReport> {
    const until = this.#clock.monotonic() + AT_MOST_MS;
    let reissued = 0;
    let refused = 0;
    let after: string | null = '0';
    while (after !== null && this.#clock.monotonic() < until) {
      const events: readonly FailedEvent[] = await this.#lease(campaignId, { after });
      for (const { kind } of await this.#tryAll(events, until, 'operator')) {
        if (kind === 'reissued') reissued += 1;
        if (kind === 'not-reissuable') refused += 1;
      }
      after = events.at(-1)?.id ?? null;
    }
    const open = await this.#failedEvents.countOpen(campaignId);
    return { reissued, remaining: Math.max(0, open.reissuable - refused), notReissuable: refused + open.malformed };
  }

  async one(id: string): Promise<SingleReissue> {
    const now = this.#clock.now();
    const event = await this.#failedEvents.leaseOne(id, this.#owner, now, now + LEASE_MS);
    if (event === null) return { kind: 'not-found' };
    if (event === 'leased') return BUSY;
    const result = await this.#try(event, 'operator');
    if (result.kind === 'lease-lost') return BUSY;
    if (result.kind === 'not-reissuable') return result;
    const reissued = result.kind === 'reissued' ? 1 : 0;
    return { kind: 'done', report: { reissued, remaining: 1 - reissued, notReissuable: 0 } };
  }

  /** What the leader does now and then: only events whose next attempt is due. */
  async due(): Promise<void> {
    const until = this.#clock.monotonic() + AT_MOST_MS;
    while (this.#clock.monotonic() < until) {
      const events = await this.#lease(null, 'due');
      if (events.length === 0) return;
      await this.#tryAll(events, until, 'leader');
    }
  }

  #lease(campaignId: CampaignId | null, which: LeaseRequest['which']): Promise<readonly FailedEvent[]> {
    const now = this.#clock.now();
    return this.#failedEvents.lease({
      owner: this.#owner,
      now,
      until: now + LEASE_MS,
      most: AT_ONCE,
      campaignId,
      which,
    });
  }

  /** Those that are not reached in time stay leased: the next call of this process may have them at once. */
  async #tryAll(events: readonly FailedEvent[], until: number, by: Actor): Promise<readonly Result[]> {
    const results: Result[] = [];
    for (const event of events) {
      if (this.#clock.monotonic() >= until) break;
      results.push(await this.#try(event, by));
    }
    return results;
  }

  async #try(event: FailedEvent, by: Actor): Promise<Result> {
    const result = await this.#reissue(event, by);
    if (result.kind === 'waiting' || result.kind === 'not-reissuable') {
      // What cannot be helped now must not fill every round and starve the others.
      const retryAt = this.#clock.now() + retryAfter(event.attempts);
      await this.#failedEvents.postpone(event.id, this.#owner, retryAt);
    }
    return result;
  }

  async #reissue(event: FailedEvent, by: Actor): Promise<Result> {
    const { grant, reason, status } = event;
    if (status !== 'open') return { kind: 'not-reissuable', detail: `The failed event is ${status} already.` };
    if (grant === null || reason === 'malformed') {
      return { kind: 'not-reissuable', detail: 'No grant can be read from the event.' };
    }
    if (reason === 'late-epoch') return this.#readmit(event, grant, by);
    const confirmation = event.holdsSlot ? 'granted' : await this.#counters.confirms(grant);
    if (confirmation === 'unknown') {
      // A counter that does not answer is waited for, but not that of a campaign that nobody has recorded.
      const detail = 'Its campaign is not recorded, and the counter does not know it.';
      return reason === 'unknown-campaign' ? { kind: 'not-reissuable', detail } : { kind: 'waiting' };
    }
    if (confirmation === 'not-granted') {
      return { kind: 'not-reissuable', detail: 'The counter does not confirm that it made this grant.' };
    }
    const now = this.#clock.now();
    return this.#failedEvents.reissue(event.id, this.#owner, now, now + retryAfter(event.attempts), by);
  }

  /** The rebuild forgot the user, who was told no sequence: he is admitted anew, whatever the hour. */
  async #readmit(event: FailedEvent, { campaignId, userId }: Grant, by: Actor): Promise<Result> {
    if (!this.#publisher.isAvailable()) return { kind: 'waiting' };
    const sentAt = this.#clock.monotonic();
    const admission = await this.#counter.admit(campaignId, userId, 'any-time');
    if (admission.kind === 'voided') return { kind: 'not-reissuable', detail: 'The grant of this user was voided.' };
    if (admission.kind !== 'granted' && admission.kind !== 'already-granted') return { kind: 'waiting' };
    if (admission.kind === 'granted' || admission.pending) {
      await this.#publisher.publish(admission.grant, sentAt + HAND_OVER_DEADLINE);
      this.#counter.settle(admission.grant);
    }
    await this.#failedEvents.closeReadmitted(event.id, this.#owner, this.#clock.now(), by);
    return { kind: 'reissued' };
  }
}

const BUSY = {
  kind: 'not-reissuable',
  detail: 'Somebody else works on the failed event, or has just done so. Ask again in half a minute.',
} as const;

const retryAfter = (attempts: number): number => Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(attempts, 10));
