import type { SqlEntityManager } from '@mikro-orm/mysql';
import type { Instant } from '../../domain/campaign.ts';
import type { CampaignId } from '../../domain/campaign-id.ts';
import type { Holder } from '../../domain/counter-standing.ts';
import type { UserId } from '../../domain/user-id.ts';

const ROWS_PER_READ = 50_000;
const ROWS_PER_INSERT = 5_000;

type Row = { readonly sequence: number; readonly userId: UserId };

/** The users of coupons, of failed events that hold a slot, and of voided grants. */
export async function holdersOf(em: SqlEntityManager, id: CampaignId): Promise<Holder[]> {
  const holders: Holder[] = [];
  const add = (rows: readonly Row[], voided: boolean) => {
    for (const { userId, sequence } of rows)
      holders.push({ userId: String(userId) as UserId, sequence: Number(sequence), voided });
  };
  for (let after = 0, size = ROWS_PER_READ; size === ROWS_PER_READ; ) {
    const rows = await em.execute<Row[]>(
      `select sequence, user_id as userId from coupons
       where campaign_id = ? and sequence > ? order by sequence limit ${ROWS_PER_READ}`,
      [id, after],
    );
    add(rows, false);
    size = rows.length;
    after = rows.at(-1)?.sequence ?? after;
  }
  const held = 'select slot_sequence as sequence, cast(user_id as char) as userId from failed_events';
  add(await em.execute<Row[]>(`${held} where campaign_id = ? and slot_sequence is not null`, [id]), false);
  const voided = 'select sequence, cast(user_id as char) as userId from burnt_sequences';
  add(await em.execute<Row[]>(`${voided} where campaign_id = ? and user_id is not null`, [id]), true);
  return holders;
}

/** Everything that is no gap: the sequences of the holders, and those that are burnt without a known user. */
export async function usedSequences(
  em: SqlEntityManager,
  id: CampaignId,
  holders: readonly Holder[],
): Promise<{ readonly used: ReadonlySet<number>; readonly highest: number }> {
  const burnt = await em.execute<Row[]>('select sequence from burnt_sequences where campaign_id = ?', [id]);
  const used = new Set(holders.map(({ sequence }) => sequence));
  for (const { sequence } of burnt) used.add(sequence);
  let highest = 0;
  for (const sequence of used) highest = Math.max(highest, sequence);
  return { used, highest };
}

/** Answers how many there were. */
export async function burnGaps(
  em: SqlEntityManager,
  id: CampaignId,
  used: ReadonlySet<number>,
  highest: number,
  { reason, now }: { readonly reason: string; readonly now: Instant },
): Promise<number> {
  const gaps: number[] = [];
  for (let sequence = 1; sequence < highest; sequence += 1) if (!used.has(sequence)) gaps.push(sequence);
  for (let from = 0; from < gaps.length; from += ROWS_PER_INSERT) {
    const rows = gaps
      .slice(from, from + ROWS_PER_INSERT)
      .map((sequence) => [id, sequence, null, reason, new Date(now)]);
    await em.execute('insert into burnt_sequences (campaign_id, sequence, user_id, reason, burnt_at) values ?', [rows]);
  }
  return gaps.length;
}
