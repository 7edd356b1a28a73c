import type { SqlEntityManager } from '@mikro-orm/mysql';
import type { CampaignRecord, Instant } from '../../domain/campaign.ts';
import type { CampaignId } from '../../domain/campaign-id.ts';
import type { Failure, RawEvent } from '../../domain/failed-event.ts';
import type { Grant } from '../../domain/grant.ts';
import { lateRefusal } from '../../domain/refusal.ts';
import { COLUMNS, toValues } from './failed-event-row.ts';
import { addKeptSteps } from './failed-event-steps.ts';
import { lockCampaign } from './mikro-orm-campaign-repository.ts';
import { RecordedGrants } from './recorded-grants.ts';

/** Rows of up to 64 KiB of raw content: a few at a time stay below the server's packet limit. */
const ROWS_PER_INSERT = 100;

interface Campaign {
  readonly record: CampaignRecord | null;
  readonly recorded: RecordedGrants;
}

/** Keeps, within a transaction, what is neither kept nor recorded yet; no coupon of the campaigns is issued meanwhile. */
export async function keepFailures(em: SqlEntityManager, failures: readonly Failure[], now: Instant): Promise<void> {
  const campaigns = await lockCampaigns(em, failures);
  const kept = await keptAmong(em, failures);
  const added: Failure[] = [];
  for (const failure of failures) {
    const key = keyOf(failure.raw);
    if (kept.has(key)) continue;
    const admissible = admit(failure, campaigns);
    if (admissible === null) continue;
    kept.add(key);
    added.push(admissible);
  }
  for (let from = 0; from < added.length; from += ROWS_PER_INSERT) {
    const rows = added.slice(from, from + ROWS_PER_INSERT).map((failure) => toValues(failure, now));
    await em.execute(`insert into failed_events (${COLUMNS}) values ?`, [rows]);
  }
  if (added.length > 0) {
    const digests = added.map(({ raw }) => raw.digest);
    await addKeptSteps(em, digests);
  }
}

/** The failure as it may be kept, or null where its grant is recorded already. */
function admit(failure: Failure, campaigns: ReadonlyMap<CampaignId, Campaign>): Failure | null {
  const { grant } = failure;
  const campaign = grant === null ? undefined : campaigns.get(grant.campaignId);
  if (grant === null || campaign === undefined) return { ...failure, holdsSlot: false };
  const { record, recorded } = campaign;
  if (recorded.has(grant, 'coupon', 'failed-event', 'burnt')) return null;
  if (!failure.holdsSlot) return failure;
  const late = record === null ? null : lateRefusal(record, grant);
  if (late !== null) {
    return { ...failure, reason: 'late-epoch', detail: `${late.detail}; before: ${failure.detail}`, holdsSlot: false };
  }
  if (recorded.isSlotTaken(grant)) return { ...failure, holdsSlot: false };
  recorded.add({ as: 'failed-event', userId: grant.userId, sequence: grant.sequence });
  return failure;
}

async function lockCampaigns(
  em: SqlEntityManager,
  failures: readonly Failure[],
): Promise<ReadonlyMap<CampaignId, Campaign>> {
  const grants = Map.groupBy(
    failures.map(({ grant }) => grant).filter((grant): grant is Grant => grant !== null),
    ({ campaignId }) => campaignId,
  );
  const campaigns = new Map<CampaignId, Campaign>();
  for (const id of [...grants.keys()].toSorted()) {
    const own = grants.get(id) ?? [];
    const record = await lockCampaign(em, id);
    const recorded = new RecordedGrants();
    await recorded.loadCoupons(em, id, own);
    await recorded.loadBurnt(em, id, own);
    await recorded.loadOpenEvents(em, id, own);
    campaigns.set(id, { record, recorded });
  }
  return campaigns;
}

async function keptAmong(em: SqlEntityManager, failures: readonly Failure[]): Promise<Set<string>> {
  const digests = failures.map(({ raw }) => raw.digest);
  const rows = await em.execute<Pick<RawEvent, 'topic' | 'partition' | 'offset' | 'digest'>[]>(
    'select digest, topic, topic_partition as `partition`, cast(topic_offset as char) as `offset` ' +
      'from failed_events where digest in (?)',
    [digests],
  );
  return new Set(rows.map(keyOf));
}

/** A recreated topic starts its offsets again: only the content tells the events apart then. */
const keyOf = ({ topic, partition, offset, digest }: Pick<RawEvent, 'topic' | 'partition' | 'offset' | 'digest'>) =>
  JSON.stringify([topic, partition, offset, digest]);
