import type { CampaignRecord, Instant } from '../../domain/campaign.ts';
import { type Grant, sameGrant } from '../../domain/grant.ts';
import type { IssueOutcome } from '../../domain/ports/coupon-repository.ts';
import { impossibleRefusal, lateRefusal, type Refusal, refusal, unknownCampaign } from '../../domain/refusal.ts';
import type { CampaignShelf } from './records.ts';
import { closeSameGrant, slotHolders } from './records-failed-event.ts';

const ISSUED = { actor: 'consumer', step: 'closed', detail: 'a coupon of the same grant was issued' } as const;

/** Makes a grant a coupon, or says why not: what is recorded already is looked at before anything else. */
export function issueGrant(shelf: CampaignShelf | undefined, grant: Grant, now: Instant): IssueOutcome {
  if (shelf !== undefined && (isHeld(shelf, grant) || isVoided(shelf, grant))) return { kind: 'already-recorded' };
  const outcome = addCoupon(shelf, grant, now, true);
  if (shelf !== undefined && outcome.kind === 'issued')
    closeSameGrant(shelf, grant, 'reissued', { at: now, ...ISSUED });
  return outcome;
}

/**
 * The same for a failed event, which is left to be closed by the caller. One that holds a slot was among the holders of every rebuild since, so that it never
 * comes too late.
 */
export function addCoupon(
  shelf: CampaignShelf | undefined,
  grant: Grant,
  now: Instant,
  mayComeTooLate: boolean,
): IssueOutcome {
  if (shelf === undefined || shelf.record === null) return unknownCampaign(grant);
  const present = shelf.couponsBySequence.get(grant.sequence);
  if (present !== undefined && sameGrant(present, grant)) return { kind: 'already-recorded' };
  const refused = refusalOf(shelf.record, grant, mayComeTooLate) ?? conflictOf(shelf, grant);
  if (refused !== null) return refused;
  const { campaignId, userId, sequence } = grant;
  const coupon = { campaignId, userId, sequence, issuedAt: now };
  shelf.couponsBySequence.set(sequence, coupon);
  shelf.couponsByUser.set(userId, coupon);
  return { kind: 'issued' };
}

const isHeld = (shelf: CampaignShelf, grant: Grant): boolean =>
  slotHolders(shelf).some((event) => sameGrant(event.grant, grant));

export const isVoided = (shelf: CampaignShelf, grant: Grant): boolean =>
  shelf.burnt.get(grant.sequence)?.userId === grant.userId;

const refusalOf = (record: CampaignRecord, grant: Grant, mayComeTooLate: boolean): Refusal | null =>
  (mayComeTooLate ? lateRefusal(record, grant) : null) ?? impossibleRefusal(record, grant);

function conflictOf(shelf: CampaignShelf, grant: Grant): Refusal | null {
  const holders = slotHolders(shelf).filter((event) => !sameGrant(event.grant, grant));
  const burnt = shelf.burnt.get(grant.sequence);
  if (burnt !== undefined) return refusal('sequence-conflict', `sequence ${grant.sequence} is burnt`);
  const holder =
    shelf.couponsBySequence.get(grant.sequence) ??
    holders.find((event) => event.grant.sequence === grant.sequence)?.grant;
  if (holder !== undefined) {
    return refusal('sequence-conflict', `sequence ${grant.sequence} belongs to user ${holder.userId}`);
  }
  const held =
    shelf.couponsByUser.get(grant.userId) ??
    holders.find((event) => event.grant.userId === grant.userId)?.grant ??
    [...shelf.burnt.values()].find((other) => other.userId === grant.userId);
  return held === undefined
    ? null
    : refusal('user-conflict', `user ${grant.userId} already has sequence ${held.sequence}`);
}
