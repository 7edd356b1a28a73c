import type { UnknownReason } from '../domain/admission.ts';
import type { CampaignId } from '../domain/campaign-id.ts';
import type { CampaignRepository } from '../domain/ports/campaign-repository.ts';
import type { CounterHoldings } from '../domain/ports/counter-holdings.ts';
import type { CounterKeeper } from '../domain/ports/counter-keeper.ts';
import type { IssuanceCounter } from '../domain/ports/issuance-counter.ts';
import type { IssuanceRecords } from '../domain/ports/issuance-records.ts';

export type RepublishAnswer =
  /** `checked`: holders that were looked up; one may be looked up twice. `marked`: grants that are pending again. */
  | { readonly kind: 'marked'; readonly checked: number; readonly marked: number }
  | { readonly kind: 'campaign-not-found' | 'campaign-archived' | 'campaign-never-opened' }
  | { readonly kind: 'rebuilding'; readonly reason: UnknownReason };

/**
 * For a log that was lost: makes every grant pending again that the counter holds and the record does not, and the
 * leader publishes their events once more. What was on its way only is published twice, which its readers absorb.
 *
 * All of it lies within one epoch: a rebuild in between has lost what was not recorded, and says so by its own means.
 */
export class RepublishGrants {
  readonly #campaigns: CampaignRepository;
  readonly #records: IssuanceRecords;
  readonly #counter: IssuanceCounter;
  readonly #counters: CounterKeeper;
  readonly #holdings: CounterHoldings;

  constructor(
    campaigns: CampaignRepository,
    records: IssuanceRecords,
    counter: IssuanceCounter,
    counters: CounterKeeper,
    holdings: CounterHoldings,
  ) {
    this.#campaigns = campaigns;
    this.#records = records;
    this.#counter = counter;
    this.#counters = counters;
    this.#holdings = holdings;
  }

  async execute(id: CampaignId): Promise<RepublishAnswer> {
    const record = await this.#campaigns.find(id);
    if (record === null) return { kind: 'campaign-not-found' };
    if (record.archivedAt !== null) return { kind: 'campaign-archived' };
    if (record.openedAt === null) return { kind: 'campaign-never-opened' };
    const before = await this.#counter.standing(id);
    if (before.kind === 'unknown') return { kind: 'rebuilding', reason: before.reason };
    let checked = 0;
    let marked = 0;
    for await (const page of this.#holdings.holders(id)) {
      checked += page.length;
      const unrecorded = await this.#records.unrecorded(id, page);
      if (unrecorded.length === 0) continue;
      const outcome = await this.#counters.markPending(id, before.epoch, unrecorded);
      if (outcome.kind === 'unknown') return { kind: 'rebuilding', reason: outcome.reason };
      if (outcome.kind === 'overtaken') return { kind: 'rebuilding', reason: 'closed' };
      marked += outcome.marked;
    }
    const after = await this.#counter.standing(id);
    if (after.kind === 'unknown') return { kind: 'rebuilding', reason: after.reason };
    if (after.epoch !== before.epoch) return { kind: 'rebuilding', reason: 'closed' };
    return { kind: 'marked', checked, marked };
  }
}
