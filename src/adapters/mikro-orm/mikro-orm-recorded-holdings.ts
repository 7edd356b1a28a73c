import type { SqlEntityManager } from '@mikro-orm/mysql';
import type { CampaignRecord } from '../../domain/campaign.ts';
import type { CampaignId } from '../../domain/campaign-id.ts';
import type { RecordedHoldings } from '../../domain/ports/recorded-holdings.ts';
import type { RecordedHolding } from '../../domain/sequence-comparison.ts';
import type { UserId } from '../../domain/user-id.ts';
import { CampaignRow, toCampaign } from './campaign-row.ts';
import type { Database } from './database.ts';

/** A million coupons are read in seconds. */
const LONG_DEADLINE_MS = 60_000;
/** The process issues coupons meanwhile: no page keeps it busy for longer than some milliseconds. */
const ROWS_PER_READ = 5_000;

interface Row {
  readonly sequence: number;
  readonly userId: number | string | null;
  readonly isUntold: number;
}

const COLUMNS: Readonly<Record<RecordedHolding['place'], string>> = {
  coupon: 'sequence, user_id as userId, 0 as isUntold from coupons where campaign_id = ? and sequence',
  'failed-event':
    'slot_sequence as sequence, user_id as userId, 0 as isUntold from failed_events where campaign_id = ? and slot_sequence',
  burnt:
    'sequence, user_id as userId, user_id is not null and told_at is null as isUntold from burnt_sequences where campaign_id = ? and sequence',
};

export class MikroOrmRecordedHoldings implements RecordedHoldings {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  read(id: CampaignId, take: (page: readonly RecordedHolding[]) => void): Promise<CampaignRecord | null> {
    return this.#database.snapshot(async (em) => {
      const row = await em.findOne(CampaignRow, { id });
      if (row === null) return null;
      await readAll(em, id, 'coupon', take);
      await readAll(em, id, 'failed-event', take);
      await readAll(em, id, 'burnt', take);
      return toCampaign(row);
    }, LONG_DEADLINE_MS);
  }
}

async function readAll(
  em: SqlEntityManager,
  id: CampaignId,
  place: RecordedHolding['place'],
  take: (page: readonly RecordedHolding[]) => void,
): Promise<void> {
  const key = place === 'failed-event' ? 'slot_sequence' : 'sequence';
  for (let after = -1, size = ROWS_PER_READ; size === ROWS_PER_READ; ) {
    const rows = await em.execute<Row[]>(
      `select ${COLUMNS[place]} > ? order by campaign_id, ${key} limit ${ROWS_PER_READ}`,
      [id, after],
    );
    if (rows.length > 0) take(rows.map((row) => holdingOf(place, row)));
    size = rows.length;
    after = Number(rows.at(-1)?.sequence ?? after);
  }
}

/** The driver gives 64-bit numbers as text where a JavaScript number would not hold them. */
const holdingOf = (place: RecordedHolding['place'], { sequence, userId, isUntold }: Row): RecordedHolding => ({
  place,
  sequence: Number(sequence),
  userId: userId === null ? null : (String(userId) as UserId),
  isUntold: Number(isUntold) === 1,
});
