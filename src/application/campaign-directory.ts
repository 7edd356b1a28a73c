import type { CampaignRecord } from '../domain/campaign.ts';
import type { CampaignId } from '../domain/campaign-id.ts';
import type { CampaignRepository } from '../domain/ports/campaign-repository.ts';
import type { Clock } from '../domain/ports/clock.ts';

const LOOK_UP_EVERY = 1_000;

/**
 * Tells a campaign that does not exist from one whose counter is gone, for at most one look-up in the permanent record
 * a second, whatever is asked: an attacker with random ids must not reach the database.
 */
export class CampaignDirectory {
  readonly #campaigns: CampaignRepository;
  readonly #clock: Clock;
  #askedAt = Number.NEGATIVE_INFINITY;
  #latest: Promise<ReadonlyMap<CampaignId, CampaignRecord>> = Promise.resolve(new Map());
  #known: ReadonlyMap<CampaignId, CampaignRecord> = new Map();

  constructor(campaigns: CampaignRepository, clock: Clock) {
    this.#campaigns = campaigns;
    this.#clock = clock;
  }

  /** Rejects where the record cannot be asked: then nothing is known about the campaign. */
  async has(id: CampaignId): Promise<boolean> {
    return (await this.#records()).has(id);
  }

  /** The opened campaigns, as last seen: an outage of the permanent record neither makes them unknown nor is waited for. */
  async opened(): Promise<readonly CampaignId[]> {
    const latest = this.#records().catch(() => this.#known);
    const records = this.#known.size > 0 ? this.#known : await latest;
    return [...records.values()].filter((record) => record.openedAt !== null).map((record) => record.id);
  }

  #records(): Promise<ReadonlyMap<CampaignId, CampaignRecord>> {
    const now = this.#clock.monotonic();
    if (now - this.#askedAt >= LOOK_UP_EVERY) {
      this.#askedAt = now;
      this.#latest = this.#read();
    }
    return this.#latest;
  }

  async #read(): Promise<ReadonlyMap<CampaignId, CampaignRecord>> {
    const records = await this.#campaigns.all();
    this.#known = new Map(records.map((record) => [record.id, record]));
    return this.#known;
  }
}
