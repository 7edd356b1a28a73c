import type { Instant } from '../../domain/campaign.ts';
import type { CampaignId } from '../../domain/campaign-id.ts';
import { couponId } from '../../domain/coupon.ts';
import { fromCursor, toCursor } from '../../domain/cursor.ts';
import type {
  Actor,
  FailedEvent,
  FailedEventFilter,
  FailedEventStep,
  Failure,
  OpenFailure,
} from '../../domain/failed-event.ts';
import { sameGrant } from '../../domain/grant.ts';
import { type Page, type PageRequest, pageOf } from '../../domain/page.ts';
import type { Clock } from '../../domain/ports/clock.ts';
import type {
  FailedEventStore,
  LeaseRequest,
  OpenCount,
  ReissueOutcome,
} from '../../domain/ports/failed-event-store.ts';
import type { UserId } from '../../domain/user-id.ts';
import { isLeasedToAnother, isReissuable, leaseFrom } from './failed-event-leases.ts';
import type { InMemoryRecords, StoredFailedEvent } from './records.ts';
import { close, closeSameGrant, copyOf, keyOf, slotHolders } from './records-failed-event.ts';
import { addCoupon, isVoided } from './records-issuing.ts';

export class InMemoryFailedEventStore implements FailedEventStore {
  readonly #records: InMemoryRecords;
  readonly #clock: Clock;

  constructor(records: InMemoryRecords, clock: Clock) {
    this.#records = records;
    this.#clock = clock;
  }

  async keep(failures: readonly Failure[]): Promise<void> {
    for (const failure of failures) this.#keep(failure);
  }

  async page(filter: FailedEventFilter, { limit, cursor }: PageRequest): Promise<Page<FailedEvent>> {
    const after = cursor === null ? 0 : Number(fromCursor(cursor, /^\d{1,19}$/)[0]);
    const events = this.#events(
      ({ event }) =>
        Number(event.id) > after &&
        (filter.campaignId === null || event.grant?.campaignId === filter.campaignId) &&
        (filter.status === null || event.status === filter.status),
      limit + 1,
    );
    return pageOf(events, limit, (last) => toCursor(last.id));
  }

  async find(id: string): Promise<FailedEvent | null> {
    const stored = this.#records.failedEvents.get(id);
    return stored === undefined ? null : copyOf(stored.event);
  }

  async countOpen(campaignId: CampaignId | null): Promise<OpenCount> {
    const open = [...this.#records.failedEvents.values()]
      .map(({ event }) => event)
      .filter(({ status, grant }) => status === 'open' && (campaignId === null || grant?.campaignId === campaignId));
    const reissuable = open.filter(isReissuable).length;
    return { reissuable, malformed: open.length - reissuable };
  }

  async openFailureOf(campaignId: CampaignId, userId: UserId): Promise<OpenFailure | null> {
    const open = [...(this.#records.find(campaignId)?.open ?? [])].map(({ event }) => event);
    const own = open.filter((event) => event.grant?.userId === userId);
    const late = own.find((event) => event.reason === 'late-epoch');
    const first = own.find((event) => event.holdsSlot) ?? late ?? own[0];
    return first?.grant ? { userId, sequence: first.grant.sequence, reason: first.reason } : null;
  }

  async history(id: string): Promise<readonly FailedEventStep[]> {
    return (this.#records.failedEvents.get(id)?.steps ?? []).map((step) => ({ ...step }));
  }

  async lease(request: LeaseRequest): Promise<readonly FailedEvent[]> {
    return leaseFrom(this.#records.failedEvents.values(), request).map(copyOf);
  }

  async leaseOne(id: string, owner: string, now: Instant, until: Instant): Promise<FailedEvent | 'leased' | null> {
    const stored = this.#records.failedEvents.get(id);
    if (stored === undefined) return null;
    if (isReissuable(stored.event)) {
      if (isLeasedToAnother(stored, owner, now)) return 'leased';
      stored.lease = { owner, until };
    }
    return copyOf(stored.event);
  }

  async reissue(id: string, owner: string, now: Instant, retryAt: Instant, by: Actor): Promise<ReissueOutcome> {
    const stored = this.#leased(id, owner);
    const grant = stored?.event.grant;
    if (stored === null || !grant) return { kind: 'lease-lost' };
    const { event } = stored;
    if (event.reason === 'late-epoch') {
      giveBack(stored, retryAt);
      return { kind: 'not-reissuable', detail: 'it came too late: its user has to be admitted anew' };
    }
    const shelf = this.#records.find(grant.campaignId);
    const outcome = addCoupon(shelf, grant, now, !event.holdsSlot);
    if (outcome.kind === 'failed') {
      const { reason, detail } = outcome;
      stored.event = { ...event, reason, detail, attempts: event.attempts + 1, updatedAt: now };
      stored.steps.push({ at: now, actor: by, step: 'refused', detail: `${reason}: ${detail}` });
      giveBack(stored, retryAt);
      return { kind: 'still-failing', detail };
    }
    const step = { at: now, actor: by, detail: `coupon ${couponId(grant)}` };
    close(shelf, stored, 'reissued', { ...step, step: 'reissued' });
    if (shelf !== undefined) closeSameGrant(shelf, grant, 'reissued', { ...step, step: 'closed' });
    return { kind: 'reissued' };
  }

  async postpone(id: string, owner: string, retryAt: Instant): Promise<void> {
    const stored = this.#leased(id, owner);
    if (stored !== null) giveBack(stored, retryAt);
  }

  async closeReadmitted(id: string, owner: string, now: Instant, by: Actor): Promise<void> {
    const stored = this.#leased(id, owner);
    if (stored === null) return;
    const { grant } = stored.event;
    const shelf = grant === null ? undefined : this.#records.find(grant.campaignId);
    const detail = 'its user was admitted anew';
    close(shelf, stored, 'reissued', { at: now, actor: by, step: 'readmitted', detail });
  }

  /** The open event, if its lease is still the owner's: one that ran out is, until somebody else takes it. */
  #leased(id: string, owner: string): StoredFailedEvent | null {
    const stored = this.#records.failedEvents.get(id);
    return stored?.event.status === 'open' && stored.lease?.owner === owner ? stored : null;
  }

  #keep(failure: Failure): void {
    const { raw, grant } = failure;
    if (this.#records.keptEvents.has(keyOf(raw))) return;
    const admitted = grant === null ? { ...failure, holdsSlot: false } : this.#admissible({ ...failure, grant });
    if (admitted === null) return;
    const now = this.#clock.now();
    const id = String(this.#records.failedEvents.size + 1);
    const event: FailedEvent = { ...admitted, id, status: 'open', attempts: 0, createdAt: now, updatedAt: now };
    const { reason, detail } = admitted;
    const kept = { at: now, actor: 'consumer', step: 'kept', detail: `${reason}: ${detail}` } as const;
    const stored = { event: copyOf(event), nextAttemptAt: null, lease: null, steps: [kept] };
    this.#records.keptEvents.add(keyOf(raw));
    this.#records.failedEvents.set(id, stored);
    if (grant !== null) this.#records.shelf(grant.campaignId).open.add(stored);
  }

  /** The failure as it may be kept, or null where its grant is recorded already. */
  #admissible(failure: Failure & { grant: NonNullable<Failure['grant']> }): Failure | null {
    const { grant, holdsSlot } = failure;
    const shelf = this.#records.shelf(grant.campaignId);
    const coupon = shelf.couponsBySequence.get(grant.sequence);
    const holders = slotHolders(shelf);
    if (coupon !== undefined && sameGrant(coupon, grant)) return null;
    if (isVoided(shelf, grant) || holders.some((holder) => sameGrant(holder.grant, grant))) return null;
    if (!holdsSlot) return failure;
    if (shelf.record !== null && grant.epoch < shelf.record.minimumEpoch) {
      const detail = `epoch ${grant.epoch} is below the minimum ${shelf.record.minimumEpoch}; before: ${failure.detail}`;
      return { ...failure, reason: 'late-epoch', detail, holdsSlot: false };
    }
    const taken = holders.some(
      (holder) => holder.grant.sequence === grant.sequence || holder.grant.userId === grant.userId,
    );
    return { ...failure, holdsSlot: !taken };
  }

  #events(matches: (stored: StoredFailedEvent) => boolean, most: number): readonly FailedEvent[] {
    return [...this.#records.failedEvents.values()]
      .filter(matches)
      .slice(0, most)
      .map(({ event }) => copyOf(event));
  }
}

function giveBack(stored: StoredFailedEvent, retryAt: Instant): void {
  stored.nextAttemptAt = retryAt;
  stored.lease = null;
}
