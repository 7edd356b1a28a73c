import type { InMemoryCounterStore } from '../../src/adapters/in-memory/in-memory-counter-store.ts';
import { InMemoryIssuanceCounter } from '../../src/adapters/in-memory/in-memory-issuance-counter.ts';
import type { KnownIncarnation } from '../../src/application/known-incarnation.ts';
import type { Admission } from '../../src/domain/admission.ts';
import type { CampaignId } from '../../src/domain/campaign-id.ts';
import type { OpeningHours } from '../../src/domain/ports/issuance-counter.ts';
import type { UserId } from '../../src/domain/user-id.ts';
import type { History } from './history.ts';

/** Enters every grant into the history, in the step that makes it. */
export class WatchedCounter extends InMemoryIssuanceCounter {
  readonly #history: History;

  constructor(store: InMemoryCounterStore, known: KnownIncarnation, history: History) {
    super(store, known);
    this.#history = history;
  }

  override async admit(campaignId: CampaignId, userId: UserId, hours: OpeningHours = 'respected'): Promise<Admission> {
    const admission = await super.admit(campaignId, userId, hours);
    if (admission.kind === 'granted') this.#history.granted(admission.grant, hours);
    return admission;
  }
}
