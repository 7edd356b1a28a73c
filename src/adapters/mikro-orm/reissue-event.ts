import { LockMode, type SqlEntityManager } from '@mikro-orm/mysql';
import type { Instant } from '../../domain/campaign.ts';
import type { FailureReason } from '../../domain/failed-event.ts';
import type { Grant } from '../../domain/grant.ts';
import type { ReissueOutcome } from '../../domain/ports/failed-event-store.ts';
import { impossibleRefusal, lateRefusal, type Refusal, unknownCampaign } from '../../domain/refusal.ts';
import { closeEvents, insertCoupons } from './coupon-batch.ts';
import { FailedEventRow, grantOf } from './failed-event-row.ts';
import { lockCampaign } from './mikro-orm-campaign-repository.ts';
import { RecordedGrants } from './recorded-grants.ts';

/** Coupon and closure in one transaction. The campaign is locked before the event, in the order of everybody else. */
export async function reissueEvent(
  em: SqlEntityManager,
  id: string,
  now: Instant,
  retryAt: Instant,
): Promise<ReissueOutcome> {
  const named = await em.findOne(FailedEventRow, { id }, { disableIdentityMap: true });
  const grant = named === null ? null : grantOf(named);
  const campaign = grant === null ? null : await lockCampaign(em, grant.campaignId);
  const event = await em.findOne(FailedEventRow, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  const detail = event === null ? 'there is no such failed event' : notReissuable(event);
  if (event === null || grant === null || detail !== null) return { kind: 'not-reissuable', detail: detail ?? '' };
  if (campaign === null) return countAttempt(em, id, unknownCampaign(grant), now, retryAt);

  const recorded = await recordedFor(em, grant);
  if (!recorded.has(grant, 'coupon')) {
    // A holder of a slot was among the holders of every rebuild since, so that it never comes too late.
    const late = event.holdsSlot ? null : lateRefusal(campaign, grant);
    const refused = late ?? impossibleRefusal(campaign, grant) ?? recorded.conflictOf(grant);
    if (refused !== null) return countAttempt(em, id, refused, now, retryAt);
    await insertCoupons(em, [grant], now);
  }
  await closeEvents(em, recorded.openEventsOf(grant), now);
  return { kind: 'reissued' };
}

/** The event stays open, with the reason of this time. */
export async function countAttempt(
  em: SqlEntityManager,
  id: string,
  { reason, detail }: Pick<Refusal, 'detail'> & { readonly reason: FailureReason },
  now: Instant,
  retryAt: Instant,
): Promise<ReissueOutcome> {
  await em.execute(
    `update failed_events set reason = ?, detail = ?, attempts = attempts + 1, next_attempt_at = ?, updated_at = ?
     where id = ? and status = 'open'`,
    [reason, detail, new Date(retryAt), new Date(now), id],
  );
  return { kind: 'still-failing', detail };
}

function notReissuable({ status, reason }: Pick<FailedEventRow, 'status' | 'reason'>): string | null {
  if (status !== 'open') return `it is ${status}`;
  if (reason === 'malformed') return 'no grant can be read from it';
  if (reason === 'late-epoch') return 'it came too late: its user has to be admitted anew';
  return null;
}

async function recordedFor(em: SqlEntityManager, grant: Grant): Promise<RecordedGrants> {
  const recorded = new RecordedGrants();
  await recorded.loadCoupons(em, grant.campaignId, [grant]);
  await recorded.loadBurnt(em, grant.campaignId, [grant]);
  await recorded.loadOpenEvents(em, grant.campaignId, [grant]);
  return recorded;
}
