import type { UnknownReason } from '../../domain/admission.ts';
import type { CampaignId } from '../../domain/campaign-id.ts';
import type { Problem } from './problem.ts';

const WHY: Record<UnknownReason, string> = {
  missing: 'it is recorded, and its counter is gone',
  prepared: 'it is being opened',
  closed: 'its counter is being rebuilt',
  incomplete: 'a part of its counter is gone',
  crowded: 'too many grants are pending in its counter',
  fenced: 'the counter of all campaigns is being opened anew',
};

export const rebuildingProblem = (id: CampaignId, reason: UnknownReason): Problem => ({
  kind: 'rebuilding',
  detail: `Campaign ${id} cannot answer now: ${WHY[reason]} (${reason}).`,
  retryAfter: 2,
});

export const campaignNotFound = (id: CampaignId): Problem => ({
  kind: 'campaign-not-found',
  detail: `There is no campaign ${id}.`,
});
