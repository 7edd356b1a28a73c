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
import type { CampaignChanges, CampaignRepository } from '../../domain/ports/campaign-repository.ts';
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

  async markOpened(id: CampaignId, token: string, now: Instant): Promise<string> {
    return this.#database.transaction(async (em) => {
      const record = await lockCampaign(em, id);
      if (record === null) throw new Error(`campaign ${id} is not recorded`);
      if (record.openingToken !== null) return record.openingToken;
      await em.nativeUpdate(CampaignRow, { id }, { openedAt: new Date(now), openingToken: token });
      return token;
    });
  }

  async change(id: CampaignId, patch: TermsPatch): Promise<CampaignRecord | 'lowers' | 'not-found'> {
    return this.#database.transaction(async (em) => {
      const record = await lockCampaign(em, id);
      if (record === null) return 'not-found';
      const terms = patchTerms(record, patch);
      return terms.limit < record.limit ? 'lowers' : settle(em, record, terms, record.version + 1);
    });
  }

  async reserveVersion(id: CampaignId): Promise<CampaignRecord | null> {
    return this.#database.transaction(async (em) => {
      const record = await lockCampaign(em, id);
      return record === null ? null : settle(em, record, record, record.version + 1);
    });
  }

  async settleVersion(id: CampaignId, version: number, terms: CampaignTerms): Promise<boolean> {
    return this.#database.transaction(async (em) => {
      const record = await lockCampaign(em, id);
      if (record?.version !== version) return false;
      await settle(em, record, terms, version);
      return true;
    });
  }

  async adoptVersion(id: CampaignId, version: number, terms: CampaignTerms): Promise<void> {
    await this.#database.transaction(async (em) => {
      const record = await lockCampaign(em, id);
      if (record !== null && version > record.version) await settle(em, record, terms, version);
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
