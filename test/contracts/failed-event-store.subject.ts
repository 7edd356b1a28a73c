import type { FailedEvent, FailedEventFilter } from '../../src/domain/failed-event.ts';
import type { Grant } from '../../src/domain/grant.ts';
import type { LeaseRequest, ReissueOutcome } from '../../src/domain/ports/failed-event-store.ts';
import { aFailure, aGrant, newCampaign, type PermanentRecord } from '../support/permanent-record.ts';
import { randomName } from '../support/random.ts';

export const LEASE_MS = 30_000;

export async function eventsOf(
  record: PermanentRecord,
  campaignId: FailedEventFilter['campaignId'],
  status: FailedEventFilter['status'] = null,
): Promise<readonly FailedEvent[]> {
  return (await record.failedEvents.page({ campaignId, status }, { limit: 100, cursor: null })).items;
}

export async function only(record: PermanentRecord, grant: Grant | null): Promise<FailedEvent> {
  const events = await eventsOf(record, grant?.campaignId ?? null);
  const event = events.find(({ grant: kept }) => kept?.sequence === grant?.sequence && kept?.userId === grant?.userId);
  if (event === undefined) throw new Error('the failed event is not kept');
  return event;
}

/** A failed event that holds the slot of a grant of a new campaign. */
export async function aHeldEvent(record: PermanentRecord, limit?: number): Promise<FailedEvent & { grant: Grant }> {
  const grant = aGrant((await newCampaign(record, limit)).id, 1);
  await record.failedEvents.keep([aFailure(grant)]);
  return { ...(await only(record, grant)), grant };
}

/** Everything of a campaign that may be leased at a moment, whether it is due or not. */
export const leaseAll = (
  record: PermanentRecord,
  change: Partial<LeaseRequest> & Pick<LeaseRequest, 'owner' | 'campaignId'>,
): Promise<readonly FailedEvent[]> => {
  const now = change.now ?? record.clock.now();
  return record.failedEvents.lease({ now, until: now + LEASE_MS, most: 100, which: { after: '0' }, ...change });
};

/** Leases one failed event for somebody, whoever had it before; answers for whom. */
export async function leased(
  record: PermanentRecord,
  event: Pick<FailedEvent, 'id'> | undefined,
): Promise<readonly [string, string]> {
  const owner = randomName('owner');
  const id = event?.id ?? '';
  const later = record.clock.now() + 10 * LEASE_MS;
  const given = await record.failedEvents.leaseOne(id, owner, later, later + LEASE_MS);
  if (given === null || given === 'leased') throw new Error(`the event is not given: ${given}`);
  return [id, owner];
}

export async function reissue(
  record: PermanentRecord,
  event: Pick<FailedEvent, 'id'> | undefined,
  { now = record.clock.now(), retryAt = now }: { readonly now?: number; readonly retryAt?: number } = {},
): Promise<ReissueOutcome> {
  const [id, owner] = await leased(record, event);
  return record.failedEvents.reissue(id, owner, now, retryAt, 'leader');
}

export async function closeReadmitted(
  record: PermanentRecord,
  event: Pick<FailedEvent, 'id'> | undefined,
  now = record.clock.now(),
): Promise<void> {
  const [id, owner] = await leased(record, event);
  await record.failedEvents.closeReadmitted(id, owner, now, 'leader');
}
