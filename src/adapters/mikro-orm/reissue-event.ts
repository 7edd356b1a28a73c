import { LockMode, type SqlEntityManager } from '@mikro-orm/mysql';
import type { Instant } from '../../domain/campaign.ts';
import { couponId } from '../../domain/coupon.ts';
import type { Actor, FailureReason } from '../../domain/failed-event.ts';
import type { Grant } from '../../domain/grant.ts';
import type { ReissueOutcome } from '../../domain/ports/failed-event-store.ts';
import { impossibleRefusal, lateRefusal, type Refusal, unknownCampaign } from '../../domain/refusal.ts';
import { closeEvents } from './close-events.ts';
import { insertCoupons } from './coupon-batch.ts';
import { FailedEventRow, grantOf } from './failed-event-row.ts';
import { addSteps } from './failed-event-steps.ts';
import { lockCampaign } from './mikro-orm-campaign-repository.ts';
import { RecordedGrants } from './recorded-grants.ts';

/** One attempt of whoever holds the lease. */
export interface Attempt {
  readonly id: string;
  readonly owner: string;
  readonly now: Instant;
  readonly retryAt: Instant;
  readonly by: Actor;
}

/** Coupon and closure in one transaction. The campaign is locked before the event, in the order of everybody else. */
export async function reissueEvent(em: SqlEntityManager, attempt: Attempt): Promise<ReissueOutcome> {
  const { id, now, by } = attempt;
  const named = await em.findOne(FailedEventRow, { id }, { disableIdentityMap: true });
  const grant = named === null ? null : grantOf(named);
  const campaign = grant === null ? null : await lockCampaign(em, grant.campaignId);
  const event = await lockLeased(em, attempt);
  if (event === null || grant === null) return { kind: 'lease-lost' };
  if (event.reason === 'late-epoch') {
    await giveBack(em, attempt);
    return { kind: 'not-reissuable', detail: 'it came too late: its user has to be admitted anew' };
  }
  if (campaign === null) return countAttempt(em, attempt, unknownCampaign(grant));

  const recorded = await recordedFor(em, grant);
  if (!recorded.has(grant, 'coupon')) {
    // A holder of a slot was among the holders of every rebuild since, so that it never comes too late.
    const late = event.holdsSlot ? null : lateRefusal(campaign, grant);
    const refused = late ?? impossibleRefusal(campaign, grant) ?? recorded.conflictOf(grant);
    if (refused !== null) return countAttempt(em, attempt, refused);
    await insertCoupons(em, [grant], now);
  }
  const step = { at: now, actor: by, detail: `coupon ${couponId(grant)}` };
  await closeEvents(em, [id], 'reissued', { ...step, step: 'reissued' });
  await closeEvents(em, recorded.openEventsOf(grant), 'reissued', { ...step, step: 'closed' });
  return { kind: 'reissued' };
}

/** The event stays open, with the reason of this time, and its lease is given back. */
export async function countAttempt(
  em: SqlEntityManager,
  attempt: Attempt,
  { reason, detail }: Pick<Refusal, 'detail'> & { readonly reason: FailureReason },
): Promise<ReissueOutcome> {
  const { id, now, retryAt, by } = attempt;
  if ((await lockLeased(em, attempt)) === null) return { kind: 'lease-lost' };
  await em.execute(
    `update failed_events set reason = ?, detail = ?, attempts = attempts + 1, next_attempt_at = ?, updated_at = ?,
     lease_owner = null, lease_until = null where id = ?`,
    [reason, detail, new Date(retryAt), new Date(now), id],
  );
  await addSteps(em, [id], { at: now, actor: by, step: 'refused', detail: `${reason}: ${detail}` });
  return { kind: 'still-failing', detail };
}

/** The open event, if its lease is still the owner's: one that ran out is, until somebody else takes it. */
export const lockLeased = (
  em: SqlEntityManager,
  { id, owner }: Pick<Attempt, 'id' | 'owner'>,
): Promise<FailedEventRow | null> =>
  em.findOne(
    FailedEventRow,
    { id, status: 'open', leaseOwner: owner },
    { lockMode: LockMode.PESSIMISTIC_WRITE, disableIdentityMap: true },
  );

/** Due again after `retryAt`, for anybody. */
export async function giveBack(
  em: SqlEntityManager,
  { id, owner, retryAt }: Pick<Attempt, 'id' | 'owner' | 'retryAt'>,
): Promise<void> {
  const put = { nextAttemptAt: new Date(retryAt), leaseOwner: null, leaseUntil: null };
  await em.nativeUpdate(FailedEventRow, { id, status: 'open', leaseOwner: owner }, put);
}

async function recordedFor(em: SqlEntityManager, grant: Grant): Promise<RecordedGrants> {
  const recorded = new RecordedGrants();
  await recorded.loadCoupons(em, grant.campaignId, [grant]);
  await recorded.loadBurnt(em, grant.campaignId, [grant]);
  await recorded.loadOpenEvents(em, grant.campaignId, [grant]);
  return recorded;
}
