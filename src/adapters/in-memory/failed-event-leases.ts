import type { Instant } from '../../domain/campaign.ts';
import { type FailedEvent, MOST_ATTEMPTS } from '../../domain/failed-event.ts';
import type { LeaseRequest } from '../../domain/ports/failed-event-store.ts';
import type { StoredFailedEvent } from './records.ts';

/** Takes the lease of every event that the request may have; atomic because nothing is awaited here. */
export function leaseFrom(
  events: Iterable<StoredFailedEvent>,
  { owner, now, until, most, campaignId, which }: LeaseRequest,
): readonly FailedEvent[] {
  const free = [...events].filter(
    (stored) =>
      isReissuable(stored.event) &&
      !isLeasedToAnother(stored, owner, now) &&
      (campaignId === null || stored.event.grant?.campaignId === campaignId),
  );
  const wanted =
    which === 'due'
      ? free
          .filter(({ event, nextAttemptAt }) => event.attempts < MOST_ATTEMPTS && (nextAttemptAt ?? now) <= now)
          .toSorted((a, b) => (a.nextAttemptAt ?? 0) - (b.nextAttemptAt ?? 0))
      : free.filter(({ event }) => Number(event.id) > Number(which.after));
  return wanted.slice(0, most).map((stored) => {
    stored.lease = { owner, until };
    return stored.event;
  });
}

export const isReissuable = ({ status, grant, reason }: FailedEvent): boolean =>
  status === 'open' && grant !== null && reason !== 'malformed';

export const isLeasedToAnother = ({ lease }: StoredFailedEvent, owner: string, now: Instant): boolean =>
  lease !== null && lease.owner !== owner && lease.until > now;
