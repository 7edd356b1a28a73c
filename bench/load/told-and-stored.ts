import type { Stores } from '../../test/support/stores.ts';
import type { Installation } from '../support/installation.ts';
import type { Report } from './plan.ts';

interface Kept extends Pick<Installation, 'sql'> {
  readonly stores: Pick<Stores, 'recorded'>;
}

const MOST_NAMED = 3;

/**
 * @param isOf which requests of the report applied in this campaign; nobody else did
 * @throws Error unless exactly those who were told a sequence have the coupon of it, and these are 1, 2, 3 and so on
 */
export async function expectStored(
  kept: Kept,
  campaignId: string,
  { firstUser, sequences }: Pick<Report, 'firstUser' | 'sequences'>,
  isOf: (request: number) => boolean = () => true,
): Promise<void> {
  const recorded = await kept.stores.recorded(campaignId);
  const wrong: string[] = [];
  let told = 0;
  for (const [request, sequence] of sequences.entries()) {
    if (sequence === 0 || !isOf(request)) continue;
    told += 1;
    const has = recorded.get(String(firstUser + request));
    if (has !== sequence) wrong.push(`${firstUser + request} was told ${sequence} and has ${has ?? 'no coupon'}`);
  }
  if (wrong.length > 0)
    throw new Error(`${wrong.length} users of ${campaignId}: ${wrong.slice(0, MOST_NAMED).join(', ')}`);
  const different = new Set(recorded.values()).size;
  let highest = 0;
  for (const sequence of recorded.values()) highest = Math.max(highest, sequence);
  if (recorded.size !== told || highest !== told || different !== told) {
    throw new Error(
      `${told} were told a sequence of ${campaignId}; ${recorded.size} coupons have ${different} sequences up to ${highest}`,
    );
  }
  const [failed] = await kept.sql<{ count: number }>('select count(*) as count from failed_events');
  if (failed?.count !== 0) throw new Error(`${failed?.count} events failed`);
}
