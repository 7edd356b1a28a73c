import type { FailedEvent, FailedEventFilter } from '../domain/failed-event.ts';
import type { Grant } from '../domain/grant.ts';
import type { Clock } from '../domain/ports/clock.ts';
import type { CounterKeeper } from '../domain/ports/counter-keeper.ts';
import type { CouponEventPublisher } from '../domain/ports/coupon-event-publisher.ts';
import type { FailedEventStore } from '../domain/ports/failed-event-store.ts';
import type { IssuanceCounter } from '../domain/ports/issuance-counter.ts';
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
  | { readonly kind: 'reissued' | 'remaining' }
  | { readonly kind: 'not-reissuable'; readonly detail: string };

const PAGE_SIZE = 100;
const AT_MOST_MS = 5_000;
const FIRST_RETRY_MS = 30_000;
const LAST_RETRY_MS = 3_600_000;

/** Turns failed events into coupons once the cause is gone. */
export class ReissueFailedEvents {
  readonly #failedEvents: FailedEventStore;
  readonly #counter: IssuanceCounter;
  readonly #counters: CounterKeeper;
  readonly #publisher: CouponEventPublisher;
  readonly #clock: Clock;

  constructor(
    failedEvents: FailedEventStore,
    counter: IssuanceCounter,
    counters: CounterKeeper,
    publisher: CouponEventPublisher,
    clock: Clock,
  ) {
    this.#failedEvents = failedEvents;
    this.#counter = counter;
    this.#counters = counters;
    this.#publisher = publisher;
    this.#clock = clock;
  }

  /** Tries every open failed event, due or not, for at most five seconds. */
  async all(campaignId: FailedEventFilter['campaignId']): Promise<ReissueReport> {
    const until = this.#clock.monotonic() + AT_MOST_MS;
    let reissued = 0;
    let notReissuable = 0;
    for await (const event of this.#open(campaignId)) {
      if (this.#clock.monotonic() >= until) break;
      const { kind } = await this.#reissue(event);
      if (kind === 'reissued') reissued += 1;
      if (kind === 'not-reissuable') notReissuable += 1;
    }
    const open = await this.#failedEvents.countOpen(campaignId);
    return { reissued, remaining: Math.max(0, open - notReissuable), notReissuable };
  }

  async one(id: string): Promise<SingleReissue> {
    const event = await this.#failedEvents.find(id);
    if (event === null) return { kind: 'not-found' };
    const result = await this.#reissue(event);
    if (result.kind === 'not-reissuable') return result;
    const reissued = result.kind === 'reissued' ? 1 : 0;
    return { kind: 'done', report: { reissued, remaining: 1 - reissued, notReissuable: 0 } };
  }

  /** What the leader does now and then: only events whose next attempt is due. */
  async due(): Promise<void> {
    const now = this.#clock.now();
    const until = this.#clock.monotonic() + AT_MOST_MS;
    while (this.#clock.monotonic() < until) {
      const events = await this.#failedEvents.due(now, PAGE_SIZE);
      if (events.length === 0) return;
      for (const event of events) {
        const { kind } = await this.#reissue(event);
        // What cannot be helped now must not fill every round and starve the others.
        if (kind !== 'reissued') await this.#failedEvents.postpone(event.id, now + retryAfter(event.attempts));
      }
    }
  }

  async *#open(campaignId: FailedEventFilter['campaignId']): AsyncGenerator<FailedEvent> {
    let cursor: string | null = null;
    do {
      const page = await this.#failedEvents.page({ campaignId, status: 'open' }, { limit: PAGE_SIZE, cursor });
      yield* page.items;
      cursor = page.nextCursor;
    } while (cursor !== null);
  }

  async #reissue(event: FailedEvent): Promise<Result> {
    const { grant, reason, status } = event;
    if (status !== 'open') return { kind: 'not-reissuable', detail: `The failed event is ${status} already.` };
    if (grant === null || reason === 'malformed') {
      return { kind: 'not-reissuable', detail: 'No grant can be read from the event.' };
    }
    if (reason === 'late-epoch') return this.#readmit(event, grant);
    if (!event.holdsSlot && !(await this.#counters.confirms(grant))) {
      return { kind: 'not-reissuable', detail: 'The counter does not confirm that it made this grant.' };
    }
    const now = this.#clock.now();
    const outcome = await this.#failedEvents.reissue(event.id, now, now + retryAfter(event.attempts));
    return outcome.kind === 'still-failing' ? { kind: 'remaining' } : outcome;
  }

  /** The rebuild forgot the user, who was told no sequence: he is admitted anew, whatever the hour. */
  async #readmit(event: FailedEvent, { campaignId, userId }: Grant): Promise<Result> {
    if (!this.#publisher.isAvailable()) return { kind: 'remaining' };
    const sentAt = this.#clock.monotonic();
    const admission = await this.#counter.admit(campaignId, userId, 'any-time');
    if (admission.kind === 'voided') return { kind: 'not-reissuable', detail: 'The grant of this user was voided.' };
    if (admission.kind !== 'granted' && admission.kind !== 'already-granted') return { kind: 'remaining' };
    if (admission.kind === 'granted' || admission.pending) {
      await this.#publisher.publish(admission.grant, sentAt + HAND_OVER_DEADLINE);
      this.#counter.settle(admission.grant);
    }
    await this.#failedEvents.closeReadmitted(event.id, this.#clock.now());
    return { kind: 'reissued' };
  }
}

const retryAfter = (attempts: number): number => Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(attempts, 10));
