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
      archivedAt: null,
      archivedGranted: null,
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

  async active(): Promise<readonly CampaignRecord[]> {
    return this.#sorted().filter(({ archivedAt }) => archivedAt === null);
  }

  async markOpened(id: CampaignId, token: string, now: Instant): Promise<boolean> {
    const shelf = this.#records.campaign(id);
    if (shelf.record.openingToken !== null) return false;
    shelf.record = { ...shelf.record, openedAt: now, openingToken: token };
    return true;
  }

  async change(id: CampaignId, patch: TermsPatch): Promise<CampaignRecord | 'lowers' | 'not-found' | 'archived'> {
    const record = this.#records.find(id)?.record;
    if (!record) return 'not-found';
    if (record.archivedAt !== null) return 'archived';
    const terms = patchTerms(record, patch);
    return terms.limit < record.limit ? 'lowers' : this.#settle(record, terms, record.version + 1);
  }

  async reserveVersion(id: CampaignId): Promise<CampaignRecord | null> {
    const record = this.#records.find(id)?.record;
    if (!record || record.archivedAt !== null) return null;
    return this.#settle(record, record, record.version + 1);
  }

  async settleVersion(id: CampaignId, version: number, terms: CampaignTerms): Promise<boolean> {
    const record = this.#records.find(id)?.record;
    if (record?.version !== version || record.archivedAt !== null) return false;
    this.#settle(record, terms, version);
    return true;
  }

  async adoptVersion(id: CampaignId, version: number, terms: CampaignTerms): Promise<void> {
    const record = this.#records.find(id)?.record;
    if (record && record.archivedAt === null && version > record.version) this.#settle(record, terms, version);
  }

  async archive(seen: SeenCampaign, granted: number, now: Instant): Promise<CampaignRecord | null> {
    const record = this.#records.find(seen.id)?.record;
    if (!record || !isAsSeen(record, seen)) return null;
    const archived = { ...record, version: record.version + 1, archivedAt: now, archivedGranted: granted };
    this.#records.shelf(seen.id).record = archived;
    return { ...archived };
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
