import type { SqlEntityManager } from '@mikro-orm/mysql';
import type { Instant } from '../../domain/campaign.ts';
import type { CampaignId } from '../../domain/campaign-id.ts';

const ROWS_PER_READ = 10_000;
const ROWS_PER_INSERT = 5_000;

type Row = { readonly sequence: number };

/**
 * The last sequence of each kind, by an index of which one entry is read. Ordering by `campaign_id` too, which is one
 * and the same, is what makes MySQL do so.
 */
const LAST = `greatest(
  coalesce((select sequence from coupons force index (primary) where campaign_id = c.id
    order by campaign_id desc, sequence desc limit 1), 0),
  coalesce((select sequence from burnt_sequences force index (primary) where campaign_id = c.id
    order by campaign_id desc, sequence desc limit 1), 0),
  coalesce((select slot_sequence from failed_events force index (one_slot_per_sequence) where campaign_id = c.id
    order by campaign_id desc, slot_sequence desc limit 1), 0))`;

/** The highest sequence that a coupon, a failed event holding a slot or a burnt sequence uses, of every campaign. */
export async function highestSequences(em: SqlEntityManager): Promise<ReadonlyMap<CampaignId, number>> {
  const rows = await em.execute<{ id: CampaignId; highest: number }[]>(
    `select c.id, ${LAST} as highest from campaigns c`,
  );
  return new Map(rows.map(({ id, highest }) => [id, Number(highest)]));
}

/** The same of one campaign, and how many sequences up to it are used. */
export async function usedSequences(
  em: SqlEntityManager,
  id: CampaignId,
): Promise<{ readonly highest: number; readonly used: number }> {
  const [row] = await em.execute<[{ highest: number; used: number }]>(
    `select ${LAST} as highest,
       (select count(*) from coupons where campaign_id = c.id)
       + (select count(*) from burnt_sequences b where b.campaign_id = c.id
           and not exists (select 1 from coupons x where x.campaign_id = c.id and x.sequence = b.sequence))
       + (select count(*) from failed_events f where f.campaign_id = c.id and f.slot_sequence is not null
           and not exists (select 1 from coupons x where x.campaign_id = c.id and x.sequence = f.slot_sequence)
           and not exists (select 1 from burnt_sequences x where x.campaign_id = c.id and x.sequence = f.slot_sequence)
         ) as used
     from campaigns c where c.id = ?`,
    [id],
  );
  return { highest: Number(row.highest), used: Number(row.used) };
}

/** Records every unused sequence below the highest as burnt, and answers how many there were. */
export async function burnGaps(
  em: SqlEntityManager,
  id: CampaignId,
  highest: number,
  { reason, now }: { readonly reason: string; readonly now: Instant },
): Promise<number> {
  const gaps = await gapsBelow(em, id, highest);
  for (let from = 0; from < gaps.length; from += ROWS_PER_INSERT) {
    const rows = gaps
      .slice(from, from + ROWS_PER_INSERT)
      .map((sequence) => [id, sequence, null, reason, new Date(now)]);
    await em.execute('insert into burnt_sequences (campaign_id, sequence, user_id, reason, burnt_at) values ?', [rows]);
  }
  return gaps.length;
}

async function gapsBelow(em: SqlEntityManager, id: CampaignId, highest: number): Promise<readonly number[]> {
  const burnt = await em.execute<Row[]>('select sequence from burnt_sequences where campaign_id = ?', [id]);
  const held = await em.execute<Row[]>(
    'select slot_sequence as sequence from failed_events where campaign_id = ? and slot_sequence is not null',
    [id],
  );
  const others = new Set([...burnt, ...held].map(({ sequence }) => Number(sequence)));
  const gaps: number[] = [];
  let next = 1;
  const passTo = (used: number) => {
    for (; next < used; next += 1) if (!others.has(next)) gaps.push(next);
    next = used + 1;
  };
  for (let size = ROWS_PER_READ; size === ROWS_PER_READ; ) {
    const coupons = await em.execute<Row[]>(
      `select sequence from coupons force index (primary)
       where campaign_id = ? and sequence >= ? order by sequence limit ${ROWS_PER_READ}`,
      [id, next],
    );
    for (const { sequence } of coupons) passTo(sequence);
    size = coupons.length;
  }
  passTo(highest);
  return gaps;
}
