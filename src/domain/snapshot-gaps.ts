import type { CampaignId } from './campaign-id.ts';

/**
 * A counter leaves a gap for each grant that was lost before anybody was told it, which are few. A million come from a
 * coupon that was forged far above all others: to burn every number below it would take longer than a transaction may,
 * or more memory than there is, again with every rebuild.
 */
export const MOST_GAPS = 1_000_000;

/** @throws Error where a snapshot would have to burn more than `MOST_GAPS` */
export function refuseTooManyGaps(id: CampaignId, gaps: number): void {
  if (gaps <= MOST_GAPS) return;
  throw new Error(
    `campaign ${id} cannot be rebuilt: ${gaps} sequences below its highest one are unused, more than ${MOST_GAPS}. ` +
      'Find the forged coupon far above the others and remove it; keep the topic closed to everybody else.',
  );
}
