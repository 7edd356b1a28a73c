import type { CampaignRecord, Instant } from '../../domain/campaign.ts';

/** Fields of a campaign's meta hash: an open campaign has all of them. */
export const TEXT_FIELDS = ['state', 'token', 'name'] as const;
export const NUMBER_FIELDS = [
  'closed',
  'limit',
  'ceiling',
  'epoch',
  'version',
  'counter',
  'holes',
  'pendingCount',
] as const;
/** Milliseconds, or empty. */
export const TIME_FIELDS = ['startsAt', 'endsAt'] as const;

type Field = (typeof TEXT_FIELDS)[number] | (typeof NUMBER_FIELDS)[number] | (typeof TIME_FIELDS)[number];

export const timeField = (time: Instant | null): string => (time === null ? '' : String(time));

export const timeOf = (field: unknown): Instant | null => (field === '' ? null : Number(field));

/** Every field except `holes`, as the arguments of HSET. */
export function metaFields(
  record: CampaignRecord,
  rest: {
    readonly state: 'prepared' | 'open';
    readonly token: string;
    readonly closed: number;
    readonly counter: number;
  },
): string[] {
  const fields: Record<Exclude<Field, 'holes'>, string | number> = {
    ...rest,
    name: record.name,
    limit: record.limit,
    ceiling: record.ceiling,
    startsAt: timeField(record.startsAt),
    endsAt: timeField(record.endsAt),
    epoch: record.epoch,
    version: record.version,
    pendingCount: 0,
  };
  return Object.entries(fields).flatMap(([name, value]) => [name, String(value)]);
}
