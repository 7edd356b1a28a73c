import { LockMode, type SqlEntityManager } from '@mikro-orm/mysql';
import type { Instant } from '../../domain/campaign.ts';
import { type FailedEvent, MOST_ATTEMPTS } from '../../domain/failed-event.ts';
import type { LeaseRequest } from '../../domain/ports/failed-event-store.ts';
import { FailedEventRow, grantOf, toFailedEvent } from './failed-event-row.ts';

/**
 * Leases events in one transaction. What another one is leasing at this moment is skipped, not waited for.
 *
 * MySQL sorts null first. What was put off goes to the end, or it would stand in the way of the others for ever.
 */
export async function leaseEvents(
  em: SqlEntityManager,
  { owner, now, until, most, campaignId, which }: LeaseRequest,
): Promise<readonly FailedEvent[]> {
  const [wanted, from] =
    which === 'due'
      ? [
          `attempts < ${MOST_ATTEMPTS} and (next_attempt_at is null or next_attempt_at <= ?)
           order by next_attempt_at, failed_events.id`,
          new Date(now),
        ]
      : ['failed_events.id > cast(? as unsigned) order by failed_events.id', which.after];
  const found = await em.execute<{ found: string }[]>(
    `select cast(id as char) as found from failed_events
     where status = 'open' and campaign_id is not null and reason <> 'malformed'
       and (lease_owner is null or lease_owner = ? or lease_until <= ?)
       ${campaignId === null ? '' : 'and campaign_id = ?'}
       and ${wanted} limit ? for update skip locked`,
    [owner, new Date(now), ...(campaignId === null ? [] : [campaignId]), from, most],
  );
  const ids = found.map(({ found: id }) => id);
  if (ids.length === 0) return [];
  await em.nativeUpdate(FailedEventRow, { id: { $in: ids } }, { leaseOwner: owner, leaseUntil: new Date(until) });
  const rows = await em.find(FailedEventRow, { id: { $in: ids } }, { disableIdentityMap: true });
  const events = new Map(rows.map((row) => [row.id, toFailedEvent(row)]));
  return ids.flatMap((id) => events.get(id) ?? []);
}

export async function leaseEvent(
  em: SqlEntityManager,
  id: string,
  owner: string,
  now: Instant,
  until: Instant,
): Promise<FailedEvent | 'leased' | null> {
  const row = await em.findOne(FailedEventRow, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  if (row === null) return null;
  const event = toFailedEvent(row);
  if (row.status !== 'open' || row.reason === 'malformed' || grantOf(row) === null) return event;
  const isOver = row.leaseUntil == null || row.leaseUntil.getTime() <= now;
  if (row.leaseOwner !== null && row.leaseOwner !== owner && !isOver) return 'leased';
  await em.nativeUpdate(FailedEventRow, { id }, { leaseOwner: owner, leaseUntil: new Date(until) });
  return event;
}
