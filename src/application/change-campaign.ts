import type { UnknownReason } from '../domain/admission.ts';
import { burntOf, patchTerms, type TermsPatch } from '../domain/campaign.ts';
import type { CampaignId } from '../domain/campaign-id.ts';
import { OutcomeUnknown } from '../domain/outage.ts';
import type { CampaignChanges, CampaignRepository } from '../domain/ports/campaign-repository.ts';
import type { CounterKeeper } from '../domain/ports/counter-keeper.ts';
import type { IssuanceCounter } from '../domain/ports/issuance-counter.ts';

export type ChangeAnswer =
  | { readonly kind: 'changed'; readonly clampedFrom?: number }
  | { readonly kind: 'campaign-not-found' | 'campaign-archived' }
  | { readonly kind: 'rebuilding'; readonly reason: UnknownReason };

const TRIES = 5;

/**
 * Changes a campaign while it runs. Record and counter never disagree in the dangerous direction:
 * a raise is recorded first, so that no sequence above the recorded ceiling is granted; a lowering asks the counter
 * first, which never goes below what it has granted. What a crash leaves half-way, the leader finishes.
 */
export class ChangeCampaign {
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

  /** @throws DomainError `invalid-request` where the changed campaign would not be valid */
  async execute(id: CampaignId, patch: TermsPatch): Promise<ChangeAnswer> {
    for (let tried = 0; tried < TRIES; tried += 1) {
      const record = await this.#campaigns.find(id);
      if (record === null) return { kind: 'campaign-not-found' };
      if (record.archivedAt !== null) return { kind: 'campaign-archived' };
      const terms = patchTerms(record, patch);
      const standing = await this.#counter.standing(id);
      if (standing.kind === 'unknown') return { kind: 'rebuilding', reason: standing.reason };
      const answer = await (terms.limit < record.limit ? this.#lower(id, patch) : this.#raise(id, patch));
      if (answer !== 'overtaken') return answer;
    }
    throw new OutcomeUnknown('counter', `campaign ${id} is being changed by others all the time`);
  }

  async #raise(id: CampaignId, patch: TermsPatch): Promise<ChangeAnswer | 'overtaken'> {
    const changed = await this.#changes.change(id, patch);
    // Looked at once more: it may be archived by now.
    if (typeof changed === 'string') return 'overtaken';
    const outcome = await this.#counters.change(id, changed, burntOf(changed), changed.version);
    // Outdated: a later change was made on top of this one, and has brought it along.
    return outcome.kind === 'unknown' ? { kind: 'rebuilding', reason: outcome.reason } : { kind: 'changed' };
  }

  async #lower(id: CampaignId, patch: TermsPatch): Promise<ChangeAnswer | 'overtaken'> {
    const reserved = await this.#changes.reserveVersion(id);
    if (reserved === null) return 'overtaken';
    const terms = patchTerms(reserved, patch);
    if (terms.limit > reserved.limit) return 'overtaken';
    const outcome = await this.#counters.change(id, terms, burntOf(reserved), reserved.version);
    if (outcome.kind === 'unknown') return { kind: 'rebuilding', reason: outcome.reason };
    if (outcome.kind === 'outdated') return 'overtaken';
    const settled = await this.#changes.settleVersion(id, reserved.version, { ...terms, limit: outcome.limit });
    if (!settled) return 'overtaken';
    return outcome.limit === terms.limit ? { kind: 'changed' } : { kind: 'changed', clampedFrom: terms.limit };
  }
}
