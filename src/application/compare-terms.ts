import { burntOf, type CampaignRecord, sameTerms } from '../domain/campaign.ts';
import type { OpenStanding } from '../domain/counter-standing.ts';
import type { CampaignChanges, CampaignRepository } from '../domain/ports/campaign-repository.ts';
import type { CounterKeeper } from '../domain/ports/counter-keeper.ts';
import type { IssuanceCounter } from '../domain/ports/issuance-counter.ts';

/**
 * Finishes changes that a crash left half-way: the higher version wins; equal versions with different terms get a new
 * version and the record's terms; a limit that the counter had to clamp goes back to the record.
 */
export class CompareTerms {
  readonly #campaigns: CampaignRepository;
  readonly #changes: CampaignChanges;
  readonly #counter: IssuanceCounter;
  readonly #counters: CounterKeeper;

  constructor(
    campaigns: CampaignRepository,
    changes: CampaignChanges,
    counter: IssuanceCounter,
    counters: CounterKeeper,
  ) {
    this.#campaigns = campaigns;
    this.#changes = changes;
    this.#counter = counter;
    this.#counters = counters;
  }

  async execute(): Promise<void> {
    for (const record of await this.#campaigns.active()) {
      if (record.openedAt === null) continue;
      const standing = await this.#counter.standing(record.id);
      if (standing.kind === 'open') await this.#compare(record, standing);
    }
  }

  async #compare(record: CampaignRecord, standing: OpenStanding): Promise<void> {
    if (standing.version > record.version) {
      await this.#changes.adoptVersion(record.id, standing.version, standing);
    } else if (standing.version < record.version) {
      await this.#push(record);
    } else if (!sameTerms(record, standing) || record.ceiling !== standing.ceiling) {
      // The record may have moved on since it was read: then that change is on its way by itself.
      const renewed = await this.#changes.change(record.id, {});
      if (typeof renewed === 'object') await this.#push(renewed);
    }
  }

  async #push(record: CampaignRecord): Promise<void> {
    const outcome = await this.#counters.change(record.id, record, burntOf(record), record.version);
    if (outcome.kind === 'changed' && outcome.limit !== record.limit) {
      await this.#changes.settleVersion(record.id, record.version, { ...record, limit: outcome.limit });
    }
  }
}
