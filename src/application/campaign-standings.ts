import type { CampaignId } from '../domain/campaign-id.ts';
import type { CounterStanding } from '../domain/counter-standing.ts';
import type { IssuanceCounter } from '../domain/ports/issuance-counter.ts';
import type { CampaignDirectory } from './campaign-directory.ts';

/** What the counter says of every opened campaign, in one asking for all who want to know at the same moment. */
export class CampaignStandings {
  readonly #counter: IssuanceCounter;
  readonly #directory: CampaignDirectory;
  #asking: Promise<ReadonlyMap<CampaignId, CounterStanding>> | null = null;

  constructor(counter: IssuanceCounter, directory: CampaignDirectory) {
    this.#counter = counter;
    this.#directory = directory;
  }

  /** Rejects where the counter cannot be asked. */
  all(): Promise<ReadonlyMap<CampaignId, CounterStanding>> {
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = null;
    });
    return this.#asking;
  }

  async #ask(): Promise<ReadonlyMap<CampaignId, CounterStanding>> {
    const ids = await this.#directory.opened();
    return new Map(await Promise.all(ids.map(async (id) => [id, await this.#counter.standing(id)] as const)));
  }
}
