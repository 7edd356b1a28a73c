import { burntOf, type CampaignRecord } from '../domain/campaign.ts';
import { checkVoidReason } from '../domain/failed-event.ts';
import { isOutage } from '../domain/outage.ts';
import type { Clock } from '../domain/ports/clock.ts';
import type { CounterKeeper } from '../domain/ports/counter-keeper.ts';
import type { VoidedGrant, VoidOutcome, Voids } from '../domain/ports/voids.ts';

/**
 * Gives a failed event up, for a reason that an operator names: its user gets no coupon, and one more applicant gets
 * in where it held a slot.
 *
 * The record decides, exactly once. The counter is told afterwards; where it cannot be asked, the void stands and is
 * answered as done, and the leader tells it within seconds of its coming back.
 */
export class VoidFailedEvent {
  readonly #voids: Voids;
  readonly #counters: CounterKeeper;
  readonly #clock: Clock;

  constructor(voids: Voids, counters: CounterKeeper, clock: Clock) {
    this.#voids = voids;
    this.#counters = counters;
    this.#clock = clock;
  }

  /** @throws DomainError `invalid-request` for a reason that is none */
  async execute(id: string, reason: string): Promise<VoidOutcome> {
    const request = { reason: checkVoidReason(reason), by: 'operator', now: this.#clock.now() } as const;
    const outcome = await this.#voids.voidEvent(id, request);
    if (outcome.kind === 'voided' && outcome.burnt !== null) await this.#tell(outcome.burnt);
    return outcome;
  }

  async #tell({ grant, record }: { readonly grant: VoidedGrant; readonly record: CampaignRecord }): Promise<void> {
    const { campaignId, userId, sequence } = grant;
    try {
      const told = await this.#counters.voidUser(campaignId, userId, sequence);
      if (told.kind === 'unknown') return;
      await this.#counters.change(campaignId, record, burntOf(record), record.version);
      await this.#voids.markTold(grant, this.#clock.now());
    } catch (error) {
      if (!isOutage(error)) throw error;
    }
  }
}
