import type { CampaignRecord } from '../domain/campaign.ts';
import type { CampaignRepository } from '../domain/ports/campaign-repository.ts';
import type { Clock } from '../domain/ports/clock.ts';
import type { CounterKeeper } from '../domain/ports/counter-keeper.ts';
import type { Scheduler } from '../domain/ports/scheduler.ts';

/**
 * Opens a recorded campaign for the first time, in steps that may be repeated and interrupted anywhere:
 * counter prepared under a token → record opened under that token, by the first writer → counter opened with it.
 *
 * A counter is never started at zero for a campaign that the record calls open: what is not prepared under the very
 * token of the record may have lost grants, and is a case for the rebuild.
 */
export class CampaignLaunch {
  readonly #campaigns: CampaignRepository;
  readonly #counters: CounterKeeper;
  readonly #clock: Clock;
  readonly #scheduler: Scheduler;

  constructor(campaigns: CampaignRepository, counters: CounterKeeper, clock: Clock, scheduler: Scheduler) {
    this.#campaigns = campaigns;
    this.#counters = counters;
    this.#clock = clock;
    this.#scheduler = scheduler;
  }

  /** Answers whether the campaign is open now; where it is not, it needs a rebuild. */
  async launch(record: CampaignRecord): Promise<boolean> {
    return this.#counters.open(record.id, record.openingToken ?? (await this.#open(record)));
  }

  async #open(record: CampaignRecord): Promise<string> {
    const token = this.#scheduler.token();
    const preparation = await this.#counters.prepare(record, token);
    const prepared = preparation.kind === 'prepared' ? preparation.token : token;
    return this.#campaigns.markOpened(record.id, prepared, this.#clock.now());
  }
}
