import type { SqlEntityManager } from '@mikro-orm/mysql';
import type { CampaignId } from '../../domain/campaign-id.ts';
import type { Holder } from '../../domain/counter-standing.ts';

const AT_ONCE = 1_000;

/** One statement for each part: what is a failed event now and a coupon a moment later is not missed in between. */
export async function unrecordedAmong(
  em: SqlEntityManager,
  id: CampaignId,
  holders: readonly Holder[],
): Promise<readonly Holder[]> {
  const unrecorded: Holder[] = [];
  for (let from = 0; from < holders.length; from += AT_ONCE) {
    const some = holders.slice(from, from + AT_ONCE);
    const sequences = some.map(({ sequence }) => sequence);
    // As numbers: compared with a text, MySQL would make a double of both. A UserId is nothing but digits.
    const users = some.map(({ userId }) => userId).join(', ');
    const rows = await em.execute<{ userId: string | null; sequence: number }[]>(
      `select cast(user_id as char) as userId, sequence from coupons where campaign_id = ? and sequence in (?)
       union all
       select cast(user_id as char), sequence from failed_events
         where campaign_id = ? and status = 'open' and user_id in (${users}) and reason <> 'late-epoch'
       union all
       select null, sequence from burnt_sequences where campaign_id = ? and sequence in (?)`,
      [id, sequences, id, id, sequences],
    );
    const recorded = new Set(rows.map(({ userId, sequence }) => keyOf(userId, sequence)));
    for (const holder of some) {
      const { userId, sequence } = holder;
      if (!recorded.has(keyOf(userId, sequence)) && !recorded.has(keyOf(null, sequence))) unrecorded.push(holder);
    }
  }
  return unrecorded;
}

const keyOf = (userId: string | null, sequence: number): string => `${userId ?? ''} ${Number(sequence)}`;
