import type { CampaignRecord } from './campaign.ts';
import type { Grant } from './grant.ts';
import type { IssueOutcome } from './ports/coupon-repository.ts';

export type Refusal = Extract<IssueOutcome, { kind: 'failed' }>;

export const refusal = (reason: Refusal['reason'], detail: string): Refusal => ({ kind: 'failed', reason, detail });

export const unknownCampaign = (grant: Grant): Refusal =>
  refusal('unknown-campaign', `campaign ${grant.campaignId} is not recorded`);

type Standing = Pick<CampaignRecord, 'epoch' | 'minimumEpoch' | 'ceiling'>;

export const lateRefusal = (standing: Standing, grant: Grant): Refusal | null =>
  grant.epoch < standing.minimumEpoch
    ? refusal('late-epoch', `epoch ${grant.epoch} is below the minimum ${standing.minimumEpoch}`)
    : null;

/** A grant that no counter of this campaign can have made. */
export function impossibleRefusal(standing: Standing, grant: Grant): Refusal | null {
  const detail = impossibilityOf(standing, grant);
  return detail === null ? null : { ...refusal('rejected', detail), impossible: true };
}

function impossibilityOf(standing: Standing, grant: Grant): string | null {
  if (grant.epoch > standing.epoch) {
    return `epoch ${grant.epoch} was never reached: the campaign is in epoch ${standing.epoch}`;
  }
  return grant.sequence > standing.ceiling
    ? `sequence ${grant.sequence} is above the ceiling ${standing.ceiling}`
    : null;
}
