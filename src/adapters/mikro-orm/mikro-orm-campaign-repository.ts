import { LockMode, type SqlEntityManager } from '@mikro-orm/mysql';
import {
  burntOf,
  type Campaign,
  type CampaignRecord,
  type CampaignTerms,
  type Instant,
  patchTerms,
  type TermsPatch,
} from '../../domain/campaign.ts';
import type { CampaignId } from '../../domain/campaign-id.ts';
import { fromCursor, toCursor } from '../../domain/cursor.ts';
import { type Page, type PageRequest, pageOf } from '../../domain/page.ts';
import {
  type CampaignChanges,
  type CampaignRepository,
  isAsSeen,
  type SeenCampaign,
} from '../../domain/ports/campaign-repository.ts';
import { CampaignRow, termsColumns, toCampaign } from './campaign-row.ts';
import type { Database } from './database.ts';
import { DUPLICATE_KEY, errorNumber } from './driver-error.ts';

export class MikroOrmCampaignRepository implements CampaignRepository, CampaignChanges {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async create(
    campaign: Campaign,
    now: Instant,
  ): Promise<{ readonly created: boolean; readonly record: CampaignRecord }> {
    const created = await this.#insert(campaign, now);
    const record = await this.find(campaign.id);
    if (record === null) throw new Error(`campaign ${campaign.id} was removed while it was created`);
    return { created, record };
  }

  async find(id: CampaignId): Promise<CampaignRecord | null> {
    const row = await this.#database.read((em) => em.findOne(CampaignRow, { id }));
    return row === null ? null : toCampaign(row);
  }

  async page({ limit, cursor }: PageRequest): Promise<Page<CampaignRecord>> {
    const after = cursor === null ? '' : (fromCursor(cursor, /^[a-z0-9-]{1,63}$/)[0] ?? '');
    const rows = await this.#database.read((em) =>
      em.find(CampaignRow, { id: { $gt: after } }, { orderBy: { id: 'asc' }, limit: limit + 1 }),
    );
    return pageOf(rows.map(toCampaign), limit, (last) => toCursor(last.id));
  }

  async all(): Promise<readonly CampaignRecord[]> {
    const rows = await this.#database.read((em) => em.find(CampaignRow, {}, { orderBy: { id: 'asc' } }));
    return rows.map(toCampaign);
  }

  async active(): Promise<readonly CampaignRecord[]> {
    const rows = await this.#database.read((em) =>
      em.find(CampaignRow, { archivedAt: null }, { orderBy: { id: 'asc' } }),
    );
    return rows.map(toCampaign);
  }

  async markOpened(id: CampaignId, token: string, now: Instant): Promise<boolean> {
    return this.#database.transaction(async (em) => {
      const record = await lockCampaign(em, id);
      if (record === null) throw new Error(`campaign ${id} is not recorded`);
      if (record.openingToken !== null) return false;
      await em.nativeUpdate(CampaignRow, { id }, { openedAt: new Date(now), openingToken: token });
      return true;
    });
  }

  async change(id: CampaignId, patch: TermsPatch): Promise<CampaignRecord | 'lowers' | 'not-found' | 'archived'> {
    return this.#database.transaction(async (em) => {
      const record = await lockCampaign(em, id);
      if (record === null) return 'not-found';
      if (record.archivedAt !== null) return 'archived';
      const terms = patchTerms(record, patch);
      return terms.limit < record.limit ? 'lowers' : settle(em, record, terms, record.version + 1);
    });
  }

  async reserveVersion(id: CampaignId): Promise<CampaignRecord | null> {
    return this.#database.transaction(async (em) => {
      const record = await lockCampaign(em, id);
      if (record === null || record.archivedAt !== null) return null;
      return settle(em, record, record, record.version + 1);
    });
  }

  async settleVersion(id: CampaignId, version: number, terms: CampaignTerms): Promise<boolean> {
    return this.#database.transaction(async (em) => {
      const record = await lockCampaign(em, id);
      if (record?.version !== version || record.archivedAt !== null) return false;
      await settle(em, record, terms, version);
      return true;
    });
  }

  async adoptVersion(id: CampaignId, version: number, terms: CampaignTerms): Promise<void> {
    await this.#database.transaction(async (em) => {
      const record = await lockCampaign(em, id);
      const isBehind = record !== null && record.archivedAt === null && version > record.version;
      if (isBehind) await settle(em, record, terms, version);
    });
  }

  async archive(seen: SeenCampaign, granted: number, now: Instant): Promise<CampaignRecord | null> {
    return this.#database.transaction(async (em) => {
      const record = await lockCampaign(em, seen.id);
      if (record === null || !isAsSeen(record, seen)) return null;
      const archived = { ...record, version: record.version + 1, archivedAt: now, archivedGranted: granted };
      const changes = { version: archived.version, archivedAt: new Date(now), archivedGranted: granted };
      await em.nativeUpdate(CampaignRow, { id: seen.id }, changes);
      return archived;
    });
  }

  async #insert(campaign: Campaign, now: Instant): Promise<boolean> {
    const { id, limit } = campaign;
    const first = { ceiling: limit, epoch: 1, minimumEpoch: 1, version: 1, createdAt: new Date(now) };
    try {
      await this.#database.transaction((em) => em.insert(CampaignRow, { id, ...termsColumns(campaign), ...first }));
      return true;
    } catch (error) {
      if (errorNumber(error) === DUPLICATE_KEY) return false;
      throw error;
    }
  }
}

/** Excludes everything that changes the campaign, and every coupon that would be issued. */
export async function lockCampaign(em: SqlEntityManager, id: CampaignId): Promise<CampaignRecord | null> {
  const row = await em.findOne(CampaignRow, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  return row === null ? null : toCampaign(row);
}

async function settle(
  em: SqlEntityManager,
  record: CampaignRecord,
  { name, limit, startsAt, endsAt }: CampaignTerms,
  version: number,
): Promise<CampaignRecord> {
  const settled = { ...record, name, limit, startsAt, endsAt, ceiling: limit + burntOf(record), version };
  const { ceiling } = settled;
  await em.nativeUpdate(CampaignRow, { id: record.id }, { ...termsColumns(settled), ceiling, version });
  return settled;
}
