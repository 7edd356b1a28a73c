import type { UnknownReason } from '../domain/admission.ts';
import { type Campaign, type CampaignRecord, type CampaignState, campaignState } from '../domain/campaign.ts';
import type { CampaignId } from '../domain/campaign-id.ts';
import { grantedOf, remainingOf } from '../domain/counter-standing.ts';
import type { IssuanceCounter } from '../domain/ports/issuance-counter.ts';
import type { CampaignDirectory } from './campaign-directory.ts';

interface ShownCampaign extends Campaign {
  readonly granted: number;
  readonly remaining: number;
  readonly state: CampaignState;
}

export type CampaignAnswer =
  | { readonly kind: 'shown'; readonly campaign: ShownCampaign }
  | { readonly kind: 'campaign-not-found' }
  | { readonly kind: 'rebuilding'; readonly reason: UnknownReason };

/** Shows what anybody may know of a campaign, without asking the permanent record. */
export class ShowCampaign {
  readonly #counter: IssuanceCounter;
  readonly #directory: CampaignDirectory;

  constructor(counter: IssuanceCounter, directory: CampaignDirectory) {
    this.#counter = counter;
    this.#directory = directory;
  }

  async execute(id: CampaignId): Promise<CampaignAnswer> {
    const standing = await this.#counter.standing(id);
    if (standing.kind === 'open') {
      const { name, limit, startsAt, endsAt, now } = standing;
      const remaining = remainingOf(standing);
      const state = campaignState(standing, remaining, now);
      const granted = grantedOf(standing);
      return { kind: 'shown', campaign: { id, name, limit, granted, remaining, startsAt, endsAt, state } };
    }
    const found = await this.#directory.explain(id, standing.reason);
    if (found.kind === 'not-recorded') return { kind: 'campaign-not-found' };
    return found.kind === 'archived'
      ? { kind: 'shown', campaign: archivedCampaign(found.record) }
      : { kind: 'rebuilding', reason: standing.reason };
  }
}

function archivedCampaign({ id, name, limit, startsAt, endsAt, archivedGranted }: CampaignRecord): ShownCampaign {
  const granted = archivedGranted ?? limit;
  return { id, name, limit, granted, remaining: limit - granted, startsAt, endsAt, state: 'ended' };
}
