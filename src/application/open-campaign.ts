import { type Campaign, checkTerms, sameTerms } from '../domain/campaign.ts';
import type { CampaignRepository } from '../domain/ports/campaign-repository.ts';
import type { Clock } from '../domain/ports/clock.ts';
import type { IssuanceCounter } from '../domain/ports/issuance-counter.ts';
import type { CampaignLaunch } from './campaign-launch.ts';

/** `unopened`: recorded, but its counter is not open; the same request again, or the leader, goes on with it. */
export type OpenAnswer = 'created' | 'same' | 'exists' | 'unopened';

export class OpenCampaign {
  readonly #campaigns: CampaignRepository;
  readonly #counter: IssuanceCounter;
  readonly #launch: CampaignLaunch;
  readonly #clock: Clock;

  constructor(campaigns: CampaignRepository, counter: IssuanceCounter, launch: CampaignLaunch, clock: Clock) {
    this.#campaigns = campaigns;
    this.#counter = counter;
    this.#launch = launch;
    this.#clock = clock;
  }

  /** @throws DomainError `invalid-request` for terms that no campaign can have */
  async execute(campaign: Campaign): Promise<OpenAnswer> {
    checkTerms(campaign);
    const { created, record } = await this.#campaigns.create(campaign, this.#clock.now());
    if (!created && !sameTerms(record, campaign)) return 'exists';
    if (!(await this.#isOpen(campaign)) && !(await this.#launch.launch(record))) return 'unopened';
    return created ? 'created' : 'same';
  }

  async #isOpen({ id }: Campaign): Promise<boolean> {
    return (await this.#counter.standing(id)).kind === 'open';
  }
}
