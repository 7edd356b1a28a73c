import { defineEntity, type InferEntity, p } from '@mikro-orm/mysql';
import type { CampaignRecord, CampaignTerms } from '../../domain/campaign.ts';
import { parseCampaignId } from '../../domain/campaign-id.ts';

export const CampaignRow = defineEntity({
  name: 'CampaignRow',
  tableName: 'campaigns',
  properties: {
    id: p.string().length(63).primary(),
    name: p.string().length(200),
    couponLimit: p.integer().unsigned(),
    ceiling: p.integer().unsigned(),
    epoch: p.integer().unsigned(),
    minimumEpoch: p.integer().unsigned(),
    version: p.integer().unsigned(),
    startsAt: p.datetime(3).nullable(),
    endsAt: p.datetime(3).nullable(),
    createdAt: p.datetime(3),
    openedAt: p.datetime(3).nullable(),
    openingToken: p.string().length(64).nullable(),
    archivedAt: p.datetime(3).nullable(),
    archivedGranted: p.integer().unsigned().nullable(),
  },
});

type CampaignRow = InferEntity<typeof CampaignRow>;

const toDate = (instant: number | null): Date | null => (instant === null ? null : new Date(instant));

const toInstant = (date: Date | null | undefined): number | null => date?.getTime() ?? null;

export const toCampaign = (row: CampaignRow): CampaignRecord => ({
  id: parseCampaignId(row.id),
  name: row.name,
  limit: row.couponLimit,
  startsAt: toInstant(row.startsAt),
  endsAt: toInstant(row.endsAt),
  ceiling: row.ceiling,
  epoch: row.epoch,
  minimumEpoch: row.minimumEpoch,
  version: row.version,
  createdAt: row.createdAt.getTime(),
  openedAt: toInstant(row.openedAt),
  openingToken: row.openingToken ?? null,
  archivedAt: toInstant(row.archivedAt),
  archivedGranted: row.archivedGranted ?? null,
});

export const termsColumns = (terms: CampaignTerms) => ({
  name: terms.name,
  couponLimit: terms.limit,
  startsAt: toDate(terms.startsAt),
  endsAt: toDate(terms.endsAt),
});
