import { LockMode, type SqlEntityManager } from '@mikro-orm/mysql';
import type { CampaignRecord } from '../../domain/campaign.ts';
import type { VoidedGrant, VoidOutcome, VoidRequest } from '../../domain/ports/voids.ts';
import { CampaignRow } from './campaign-row.ts';
import { closeEvents } from './close-events.ts';
import { FailedEventRow, grantOf } from './failed-event-row.ts';
import { lockCampaign } from './mikro-orm-campaign-repository.ts';
import { RecordedGrants } from './recorded-grants.ts';

/** The campaign is locked before the event, in the order of everybody else. */
export async function voidEvent(em: SqlEntityManager, id: string, request: VoidRequest): Promise<VoidOutcome> {
  const named = await em.findOne(FailedEventRow, { id }, { disableIdentityMap: true });
  const claimed = named === null ? null : grantOf(named);
  const record = claimed === null ? null : await lockCampaign(em, claimed.campaignId);
  const event = await em.findOne(FailedEventRow, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  if (event === null) return { kind: 'not-found' };
  if (event.status === 'reissued') return { kind: 'not-voidable', detail: 'it is reissued' };
  const grant = claimed && { campaignId: claimed.campaignId, userId: claimed.userId, sequence: claimed.sequence };
  const slot = event.holdsSlot && grant !== null && record !== null ? { grant, record } : null;
  if (event.status === 'void') return { kind: 'voided', grant, burnt: slot };

  const { reason, by, now } = request;
  await closeEvents(em, [id], 'void', { at: now, actor: by, step: 'voided', detail: reason });
  if (slot === null) return { kind: 'voided', grant, burnt: null };
  const others = new RecordedGrants();
  await others.loadOpenEvents(em, slot.grant.campaignId, [slot.grant]);
  const detail = `failed event ${id} of the same grant was voided`;
  await closeEvents(em, others.openEventsOf(slot.grant), 'void', { at: now, actor: by, step: 'closed', detail });
  return { kind: 'voided', grant, burnt: { grant: slot.grant, record: await burn(em, slot, request) } };
}

/** Nobody can get a sequence twice: one that is somebody's coupon, or burnt already, makes no room for another. */
async function burn(
  em: SqlEntityManager,
  { grant, record }: { readonly grant: VoidedGrant; readonly record: CampaignRecord },
  { reason, now }: VoidRequest,
): Promise<CampaignRecord> {
  const key = [grant.campaignId, grant.sequence];
  const isIn = async (table: 'coupons' | 'burnt_sequences'): Promise<boolean> => {
    const one = `select 1 from ${table} where campaign_id = ? and sequence = ? for update`;
    return (await em.execute<unknown[]>(one, key)).length > 0;
  };
  const isBurnt = await isIn('burnt_sequences');
  const sql = isBurnt
    ? 'update burnt_sequences set user_id = ?, reason = ?, burnt_at = ?, told_at = null where campaign_id = ? and sequence = ?'
    : 'insert into burnt_sequences (user_id, reason, burnt_at, campaign_id, sequence) values (?, ?, ?, ?, ?)';
  await em.execute(sql, [grant.userId, reason, new Date(now), ...key]);
  const isFree = !isBurnt && !(await isIn('coupons'));
  const ceiling = record.ceiling + (isFree ? 1 : 0);
  const version = record.version + 1;
  await em.nativeUpdate(CampaignRow, { id: record.id }, { ceiling, version });
  return { ...record, ceiling, version };
}
