import type { SqlEntityManager } from '@mikro-orm/mysql';
import type { CampaignId } from '../../domain/campaign-id.ts';
import type { Holder } from '../../domain/counter-standing.ts';
import type { UserId } from '../../domain/user-id.ts';
import type { Database } from './database.ts';

/** Small enough that the process is never busy for long with a page, nor the server with the part of it that is loaded. */
const ROWS_PER_PAGE = 5_000;
/** A page takes milliseconds; one that had to be given up would start a whole rebuild over. */
const PAGE_DEADLINE_MS = 60_000;

type Row = { readonly sequence: number; readonly userId: UserId };

/**
 * The users of failed events that hold a slot, then of coupons, then of voided grants, up to a sequence.
 *
 * Each page is read by itself. The order of the three sees to it that nobody is missed who moves from one to another
 * meanwhile: a failed event becomes a coupon or is voided, and nothing else moves.
 */
export async function* holdersOf(
  database: Database,
  id: CampaignId,
  highest: number,
): AsyncGenerator<readonly Holder[]> {
  yield* pagesOf(database, id, highest, HELD, false);
  yield* pagesOf(database, id, highest, COUPONS, false);
  yield* pagesOf(database, id, highest, VOIDED, true);
}

/** The primary key by name: MySQL prefers to sort the whole campaign where a page is large. */
const COUPONS = 'user_id as userId, sequence from coupons force index (primary) where';
const HELD = 'cast(user_id as char) as userId, slot_sequence as sequence from failed_events where';
const VOIDED = 'cast(user_id as char) as userId, sequence from burnt_sequences where user_id is not null and';

/** The next page is asked for before one is given: the server reads while the counter is loaded. */
async function* pagesOf(
  database: Database,
  id: CampaignId,
  highest: number,
  table: string,
  voided: boolean,
): AsyncGenerator<readonly Holder[]> {
  const column = table === HELD ? 'slot_sequence' : 'sequence';
  const page = `select ${table} campaign_id = ? and ${column} > ? and ${column} <= ? order by ${column} limit ?`;
  const readAfter = (after: number): Promise<Row[]> => {
    const read = (em: SqlEntityManager) => em.execute<Row[]>(page, [id, after, highest, ROWS_PER_PAGE]);
    const rows = database.read(read, PAGE_DEADLINE_MS);
    // Whoever stopped reading does not hear of it.
    rows.catch(() => undefined);
    return rows;
  };
  for (let next: Promise<Row[]> | null = readAfter(0); next !== null; ) {
    const rows: Row[] = await next;
    const last = rows.length < ROWS_PER_PAGE ? undefined : rows.at(-1);
    next = last === undefined ? null : readAfter(Number(last.sequence));
    if (rows.length > 0) yield rows.map((row) => toHolder(row, voided));
  }
}

/** The driver gives numbers as numbers where they are exact, and as text where they would not be. */
const toHolder = ({ userId, sequence }: Row, voided: boolean): Holder => ({
  userId: String(userId) as UserId,
  sequence: Number(sequence),
  voided,
});
