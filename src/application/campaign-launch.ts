import type { CampaignRecord } from '../domain/campaign.ts';
import type { CampaignRepository } from '../domain/ports/campaign-repository.ts';
import type { Clock } from '../domain/ports/clock.ts';
import type { CounterKeeper } from '../domain/ports/counter-keeper.ts';
import type { Scheduler } from '../domain/ports/scheduler.ts';
import { HAND_OVER_DEADLINE } from '../domain/publish-deadline.ts';

/** `elsewhere`: another process was the first to record the campaign as open, and opens it. */
export type Launch = 'opened' | 'elsewhere' | 'refused';

/**
 * Opens a recorded campaign for the first time: counter prepared under a token → record opened under that token, by the
 * first writer → counter opened with it, by that writer only and at once.
 *
 * A counter is never started at zero for a campaign that the record called open before: what stands prepared there may
 * be an older copy that has lost every grant, and is a case for the rebuild. Nor after a deadline that is shorter than
 * the wait of a rebuild: what the first writer opens late may have been rebuilt, granted from and lost meanwhile.
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

  /** For a campaign that the record did not call open when it was read. */
  async launch(record: CampaignRecord): Promise<Launch> {
    const startedAt = this.#clock.monotonic();
    const token = this.#scheduler.token();
    const preparation = await this.#counters.prepare(record, token);
    const prepared = preparation.kind === 'prepared' ? preparation.token : token;
    const isFirst = await this.#campaigns.markOpened(record.id, prepared, this.#clock.now());
    if (!isFirst) return 'elsewhere';
    if (this.#clock.monotonic() - startedAt > HAND_OVER_DEADLINE) return 'refused';
    return (await this.#counters.open(record.id, prepared)) ? 'opened' : 'refused';
  }
}
