import { type Campaign, type CampaignRecord, checkTerms, sameTerms } from '../domain/campaign.ts';
import type { CampaignRepository } from '../domain/ports/campaign-repository.ts';
import type { Clock } from '../domain/ports/clock.ts';
import type { IssuanceCounter } from '../domain/ports/issuance-counter.ts';
import type { Scheduler } from '../domain/ports/scheduler.ts';
import { HAND_OVER_DEADLINE } from '../domain/publish-deadline.ts';
import type { CampaignLaunch } from './campaign-launch.ts';

const ASK_EVERY = 20;

/** `unopened`: recorded, but its counter is not open; the same request again, or the leader, sees to it. */
export type OpenAnswer = 'created' | 'same' | 'exists' | 'archived' | 'unopened';

export class OpenCampaign {
  readonly #campaigns: CampaignRepository;
  readonly #counter: IssuanceCounter;
  readonly #launch: CampaignLaunch;
  readonly #clock: Clock;
  readonly #scheduler: Scheduler;

  constructor(
    campaigns: CampaignRepository,
    counter: IssuanceCounter,
    launch: CampaignLaunch,
    clock: Clock,
    scheduler: Scheduler,
  ) {
    this.#campaigns = campaigns;
    this.#counter = counter;
    this.#launch = launch;
    this.#clock = clock;
    this.#scheduler = scheduler;
  }

  /** @throws DomainError `invalid-request` for terms that no campaign can have */
  async execute(campaign: Campaign): Promise<OpenAnswer> {
    checkTerms(campaign);
    const { created, record } = await this.#campaigns.create(campaign, this.#clock.now());
    if (!created && !sameTerms(record, campaign)) return 'exists';
    if (record.archivedAt !== null) return 'archived';
    if (!(await this.#isOpen(record)) && !(await this.#open(record))) return 'unopened';
    return created ? 'created' : 'same';
  }

  async #open(record: CampaignRecord): Promise<boolean> {
    if (record.openedAt !== null) return false;
    const launch = await this.#launch.launch(record);
    if (launch === 'elsewhere') return this.#isOpenSoon(record);
    return launch === 'opened';
  }

  async #isOpenSoon(record: CampaignRecord): Promise<boolean> {
    for (let waited = 0; waited < HAND_OVER_DEADLINE; waited += ASK_EVERY) {
      if (await this.#isOpen(record)) return true;
      await this.#scheduler.sleep(ASK_EVERY);
    }
    return this.#isOpen(record);
  }

  async #isOpen({ id }: CampaignRecord): Promise<boolean> {
    return (await this.#counter.standing(id)).kind === 'open';
  }
}
