import type { SqlEntityManager } from '@mikro-orm/mysql';
import type { CampaignRecord, Instant } from '../../domain/campaign.ts';
import type { CampaignId } from '../../domain/campaign-id.ts';
import type { Grant } from '../../domain/grant.ts';
import type { IssueOutcome } from '../../domain/ports/coupon-repository.ts';
import { impossibleRefusal, lateRefusal, unknownCampaign } from '../../domain/refusal.ts';
import { closeEvents } from './close-events.ts';
import { RecordedGrants } from './recorded-grants.ts';

type SharedCampaign = Pick<CampaignRecord, 'id' | 'limit' | 'ceiling' | 'epoch' | 'minimumEpoch'>;

/**
 * Makes coupons of the grants that may become one, within a transaction: one after the other, as if each were alone.
 *
 * Whether a grant is a coupon already is asked beforehand only where `careful`; otherwise the unique keys answer, by an
 * error after which the whole transaction has to be rolled back and run again carefully. Most batches meet nothing.
 */
export async function issueBatch(
  em: SqlEntityManager,
  grants: readonly Grant[],
  now: Instant,
  careful: boolean,
): Promise<readonly IssueOutcome[]> {
  const campaigns = await shareCampaigns(em, grants);
  const recorded = new Map<CampaignId, RecordedGrants>();
  for (const campaign of campaigns.values()) {
    const own = grants.filter(({ campaignId }) => campaignId === campaign.id);
    recorded.set(campaign.id, await recordedOf(em, campaign, own, careful));
  }
  const coupons: Grant[] = [];
  const outcomes = grants.map((grant): IssueOutcome => {
    const campaign = campaigns.get(grant.campaignId);
    const known = recorded.get(grant.campaignId);
    if (campaign === undefined || known === undefined) return unknownCampaign(grant);
    if (known.has(grant, 'coupon', 'failed-event', 'burnt')) return { kind: 'already-recorded' };
    const refused = lateRefusal(campaign, grant) ?? impossibleRefusal(campaign, grant) ?? known.conflictOf(grant);
    if (refused !== null) return refused;
    known.add({ as: 'coupon', userId: grant.userId, sequence: grant.sequence });
    coupons.push(grant);
    return { kind: 'issued' };
  });
  await insertCoupons(em, coupons, now);
  const settled = coupons.flatMap((grant) => recorded.get(grant.campaignId)?.openEventsOf(grant) ?? []);
  const step = { at: now, actor: 'consumer', step: 'closed', detail: 'a coupon of the same grant was issued' } as const;
  await closeEvents(em, settled, 'reissued', step);
  return outcomes;
}

/** Sorted, because batches that insert in different orders deadlock; sorted ones did not in any run. */
export async function insertCoupons(em: SqlEntityManager, grants: readonly Grant[], now: Instant): Promise<void> {
  if (grants.length === 0) return;
  // The form of MySQL, in UTC as its session: a Date would be written out again for each row.
  const issuedAt = new Date(now).toISOString().slice(0, -1).replace('T', ' ');
  const rows = grants
    .toSorted((a, b) => compare(a.campaignId, b.campaignId) || a.sequence - b.sequence)
    .map(({ campaignId, sequence, userId }) => [campaignId, sequence, userId, issuedAt]);
  await em.execute('insert into coupons (campaign_id, sequence, user_id, issued_at) values ?', [rows]);
}

/**
 * The campaigns of the grants, held against every change until the transaction ends, so that an epoch that was read
 * here is still the epoch when the coupons are committed.
 */
async function shareCampaigns(
  em: SqlEntityManager,
  grants: readonly Grant[],
): Promise<ReadonlyMap<CampaignId, SharedCampaign>> {
  const ids = [...new Set(grants.map(({ campaignId }) => campaignId))].toSorted(compare);
  const rows = await em.execute<SharedCampaign[]>(
    'select id, coupon_limit as `limit`, ceiling, epoch, minimum_epoch as minimumEpoch ' +
      'from campaigns where id in (?) order by id for share',
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** Read after the lock, in statements of their own: a subquery of the locking read would see an older state. */
async function recordedOf(
  em: SqlEntityManager,
  campaign: SharedCampaign,
  grants: readonly Grant[],
  careful: boolean,
): Promise<RecordedGrants> {
  const recorded = new RecordedGrants();
  if (campaign.ceiling > campaign.limit) await recorded.loadBurnt(em, campaign.id, grants);
  if (await hasOpenEvents(em, campaign.id)) await recorded.loadOpenEvents(em, campaign.id, grants);
  const refused = (grant: Grant) =>
    lateRefusal(campaign, grant) !== null || impossibleRefusal(campaign, grant) !== null;
  await recorded.loadCoupons(em, campaign.id, careful ? grants : grants.filter(refused));
  return recorded;
}

async function hasOpenEvents(em: SqlEntityManager, id: CampaignId): Promise<boolean> {
  const one = "select 1 from failed_events where campaign_id = ? and status = 'open' limit 1";
  return (await em.execute<unknown[]>(one, [id])).length > 0;
}

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
