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
import { type InMemoryRecords, isRecorded } from './records.ts';

export class InMemoryCampaignRepository implements CampaignRepository, CampaignChanges {
  readonly #records: InMemoryRecords;

  constructor(records: InMemoryRecords) {
    this.#records = records;
  }

  async create(
    campaign: Campaign,
    now: Instant,
  ): Promise<{ readonly created: boolean; readonly record: CampaignRecord }> {
    const shelf = this.#records.shelf(campaign.id);
    if (shelf.record !== null) return { created: false, record: { ...shelf.record } };
    const { id, name, limit, startsAt, endsAt } = campaign;
    shelf.record = {
      id,
      name,
      limit,
      startsAt,
      endsAt,
      ceiling: limit,
      epoch: 1,
      minimumEpoch: 1,
      version: 1,
      createdAt: now,
      openedAt: null,
      openingToken: null,
    };
    return { created: true, record: { ...shelf.record } };
  }

  async find(id: CampaignId): Promise<CampaignRecord | null> {
    const record = this.#records.find(id)?.record;
    return record ? { ...record } : null;
  }

  async page({ limit, cursor }: PageRequest): Promise<Page<CampaignRecord>> {
    const after = cursor === null ? '' : (fromCursor(cursor, /^[a-z0-9-]{1,63}$/)[0] ?? '');
    const rows = this.#sorted().filter((record) => record.id > after);
    return pageOf(rows, limit, (last) => toCursor(last.id));
  }

  async all(): Promise<readonly CampaignRecord[]> {
    return this.#sorted();
  }

  async markOpened(id: CampaignId, token: string, now: Instant): Promise<string> {
    const shelf = this.#records.campaign(id);
    if (shelf.record.openingToken !== null) return shelf.record.openingToken;
    shelf.record = { ...shelf.record, openedAt: now, openingToken: token };
    return token;
  }

  async change(id: CampaignId, patch: TermsPatch): Promise<CampaignRecord | 'lowers' | 'not-found'> {
    const record = this.#records.find(id)?.record;
    if (!record) return 'not-found';
    const terms = patchTerms(record, patch);
    return terms.limit < record.limit ? 'lowers' : this.#settle(record, terms, record.version + 1);
  }

  async reserveVersion(id: CampaignId): Promise<CampaignRecord | null> {
    const record = this.#records.find(id)?.record;
    if (!record) return null;
    return this.#settle(record, record, record.version + 1);
  }

  async settleVersion(id: CampaignId, version: number, terms: CampaignTerms): Promise<boolean> {
    const record = this.#records.find(id)?.record;
    if (record?.version !== version) return false;
    this.#settle(record, terms, version);
    return true;
  }

  async adoptVersion(id: CampaignId, version: number, terms: CampaignTerms): Promise<void> {
    const record = this.#records.find(id)?.record;
    if (record && version > record.version) this.#settle(record, terms, version);
  }

  #settle(record: CampaignRecord, terms: CampaignTerms, version: number): CampaignRecord {
    const { name, limit, startsAt, endsAt } = terms;
    const settled = { ...record, name, limit, startsAt, endsAt, ceiling: limit + burntOf(record), version };
    this.#records.shelf(record.id).record = settled;
    return { ...settled };
  }

  #sorted(): CampaignRecord[] {
    return [...this.#records.shelves()]
      .filter(isRecorded)
      .map(({ record }) => ({ ...record }))
      .toSorted((a, b) => (a.id < b.id ? -1 : 1));
  }
}
