import type { CampaignId } from './campaign-id.ts';
import type { CounterStanding } from './counter-standing.ts';
import { FINAL_WITHIN } from './final-by.ts';

export interface PendingGrant {
  readonly campaignId: CampaignId;
  /** How long it has been pending, in milliseconds of the counter's clock. */
  readonly age: number;
}

/** The oldest pending grant of each campaign that has one, the oldest of all first. */
export function oldestPendingGrants(standings: ReadonlyMap<CampaignId, CounterStanding>): readonly PendingGrant[] {
  const oldest: PendingGrant[] = [];
  for (const [campaignId, standing] of standings) {
    if (standing.kind !== 'open' || standing.oldestPending === null) continue;
    oldest.push({ campaignId, age: Math.max(0, standing.now - standing.oldestPending) });
  }
  return oldest.toSorted((a, b) => b.age - a.age);
}

/** It should have been settled by now. */
export const isOverdue = ({ age }: PendingGrant): boolean => age > FINAL_WITHIN;
