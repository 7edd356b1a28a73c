import type { UnknownReason } from '../domain/admission.ts';
import type { CampaignRecord } from '../domain/campaign.ts';
import type { CampaignId } from '../domain/campaign-id.ts';
import type { CampaignRepository } from '../domain/ports/campaign-repository.ts';
import type { Clock } from '../domain/ports/clock.ts';

const LOOK_UP_EVERY = 1_000;

/** Why the counter cannot say anything about a campaign, as far as the record knows. */
export type Whereabouts =
  | { readonly kind: 'not-recorded' }
  | { readonly kind: 'archived'; readonly record: CampaignRecord }
  | { readonly kind: 'counter-gone' };

/**
 * Tells a campaign that does not exist, or is archived, from one whose counter is gone, for at most one look-up in the
 * permanent record a second, whatever is asked: an attacker with random ids must not reach the database.
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

  /** Rejects where the record cannot be asked: then nothing is known about a campaign that is missing. */
  async explain(id: CampaignId, reason: UnknownReason): Promise<Whereabouts> {
    if (reason === 'missing') return whereaboutsOf((await this.#records()).get(id));
    // Closed, or fenced with all others: that it is archived was seen before, or is not worth a look-up.
    const seen = this.#known.get(id);
    return seen === undefined ? { kind: 'counter-gone' } : whereaboutsOf(seen);
  }

  /** The opened campaigns, as last seen: an outage of the permanent record neither makes them unknown nor is waited for. */
  async opened(): Promise<readonly CampaignId[]> {
    const latest = this.#records().catch(() => this.#known);
    const records = this.#known.size > 0 ? this.#known : await latest;
    return [...records.values()].filter(isOpened).map((record) => record.id);
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

const whereaboutsOf = (record: CampaignRecord | undefined): Whereabouts => {
  if (record === undefined) return { kind: 'not-recorded' };
  return record.archivedAt === null ? { kind: 'counter-gone' } : { kind: 'archived', record };
};

const isOpened = ({ openedAt, archivedAt }: CampaignRecord): boolean => openedAt !== null && archivedAt === null;
