import type { Instant } from '../../domain/campaign.ts';
import type { CampaignId } from '../../domain/campaign-id.ts';
import { fromCursor, toCursor } from '../../domain/cursor.ts';
import type { FailedEvent, FailedEventFilter, Failure, OpenFailure } from '../../domain/failed-event.ts';
import { sameGrant } from '../../domain/grant.ts';
import { type Page, type PageRequest, pageOf } from '../../domain/page.ts';
import type { Clock } from '../../domain/ports/clock.ts';
import type { FailedEventStore, ReissueOutcome } from '../../domain/ports/failed-event-store.ts';
import type { UserId } from '../../domain/user-id.ts';
import type { InMemoryRecords, StoredFailedEvent } from './records.ts';
import { close, copyOf, keyOf, slotHolders } from './records-failed-event.ts';
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

  async countOpen(campaignId: CampaignId | null): Promise<number> {
    const open = [...this.#records.failedEvents.values()].filter(({ event }) => event.status === 'open');
    return open.filter(({ event }) => campaignId === null || event.grant?.campaignId === campaignId).length;
  }

  async openFailureOf(campaignId: CampaignId, userId: UserId): Promise<OpenFailure | null> {
    const open = [...(this.#records.find(campaignId)?.open ?? [])].map(({ event }) => event);
    const own = open.filter((event) => event.grant?.userId === userId);
    const late = own.find((event) => event.reason === 'late-epoch');
    const first = own.find((event) => event.holdsSlot) ?? late ?? own[0];
    return first?.grant ? { userId, sequence: first.grant.sequence, reason: first.reason } : null;
  }

  async due(now: Instant, most: number): Promise<readonly FailedEvent[]> {
    const isDue = ({ event, nextAttemptAt }: StoredFailedEvent) =>
      event.status === 'open' && event.grant !== null && (nextAttemptAt === null || nextAttemptAt <= now);
    const due = [...this.#records.failedEvents.values()].filter(isDue);
    return due
      .toSorted((a, b) => (a.nextAttemptAt ?? 0) - (b.nextAttemptAt ?? 0))
      .slice(0, most)
      .map(({ event }) => copyOf(event));
  }

  async reissue(id: string, now: Instant, retryAt: Instant): Promise<ReissueOutcome> {
    const stored = this.#records.failedEvents.get(id);
    if (stored === undefined) return { kind: 'not-reissuable', detail: 'there is no such failed event' };
    const { event } = stored;
    if (event.status !== 'open') return { kind: 'not-reissuable', detail: `it is ${event.status}` };
    if (event.grant === null || event.reason === 'malformed') {
      return { kind: 'not-reissuable', detail: 'no grant can be read from it' };
    }
    if (event.reason === 'late-epoch') {
      return { kind: 'not-reissuable', detail: 'it came too late: its user has to be admitted anew' };
    }
    const shelf = this.#records.find(event.grant.campaignId);
    const outcome = addCoupon(shelf, event.grant, now, !event.holdsSlot);
    if (outcome.kind === 'failed') {
      const { reason, detail } = outcome;
      stored.event = { ...event, reason, detail, attempts: event.attempts + 1, updatedAt: now };
      stored.nextAttemptAt = retryAt;
      return { kind: 'still-failing', detail };
    }
    close(shelf, stored, now);
    return { kind: 'reissued' };
  }

  async postpone(id: string, retryAt: Instant): Promise<void> {
    const stored = this.#records.failedEvents.get(id);
    if (stored?.event.status === 'open') stored.nextAttemptAt = retryAt;
  }

  async closeReadmitted(id: string, now: Instant): Promise<void> {
    const stored = this.#records.failedEvents.get(id);
    if (stored?.event.status !== 'open') return;
    const { grant } = stored.event;
    close(grant === null ? undefined : this.#records.find(grant.campaignId), stored, now);
  }

  #keep(failure: Failure): void {
    const { raw, grant } = failure;
    if (this.#records.keptEvents.has(keyOf(raw))) return;
    const admitted = grant === null ? { ...failure, holdsSlot: false } : this.#admissible({ ...failure, grant });
    if (admitted === null) return;
    const now = this.#clock.now();
    const id = String(this.#records.failedEvents.size + 1);
    const event: FailedEvent = { ...admitted, id, status: 'open', attempts: 0, createdAt: now, updatedAt: now };
    const stored = { event: copyOf(event), nextAttemptAt: null };
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
