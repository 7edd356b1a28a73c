import type { Failure, ReceivedEvent } from '../domain/failed-event.ts';
import type { Grant } from '../domain/grant.ts';
import type { CounterKeeper } from '../domain/ports/counter-keeper.ts';
import type { CouponRepository, IssueOutcome } from '../domain/ports/coupon-repository.ts';
import type { FailedEventStore } from '../domain/ports/failed-event-store.ts';
import type { Refusal } from '../domain/refusal.ts';

export interface IssueReport {
  readonly issued: number;
  readonly alreadyRecorded: number;
  readonly failed: number;
}

/**
 * Makes a coupon or a visible failed event of every event of a batch.
 *
 * Rejects on any outage, having assumed nothing: the caller keeps its offset and delivers the batch again.
 */
export class IssueCoupons {
  readonly #coupons: CouponRepository;
  readonly #failedEvents: FailedEventStore;
  readonly #counters: CounterKeeper;

  constructor(coupons: CouponRepository, failedEvents: FailedEventStore, counters: CounterKeeper) {
    this.#coupons = coupons;
    this.#failedEvents = failedEvents;
    this.#counters = counters;
  }

  async execute(events: readonly ReceivedEvent[]): Promise<IssueReport> {
    const grants: Grant[] = [];
    for (const { content } of events) if ('grant' in content) grants.push(content.grant);
    const outcomes = grants.length > 0 ? await this.#coupons.issue(grants) : [];
    const failures = await this.#failures(events, outcomes);
    if (failures.length > 0) await this.#failedEvents.keep(failures);
    const issued = outcomes.filter((outcome) => outcome.kind === 'issued').length;
    return { issued, alreadyRecorded: events.length - issued - failures.length, failed: failures.length };
  }

  async #failures(events: readonly ReceivedEvent[], outcomes: readonly IssueOutcome[]): Promise<readonly Failure[]> {
    const failures: Failure[] = [];
    let next = 0;
    for (const event of events) {
      const { content } = event;
      if ('malformed' in content) {
        failures.push({
          raw: event.raw,
          grant: null,
          reason: 'malformed',
          detail: content.malformed,
          holdsSlot: false,
        });
        continue;
      }
      const outcome = outcomes[next++];
      if (outcome?.kind !== 'failed') continue;
      const { reason, detail } = outcome;
      const holdsSlot = await this.#holdsSlot(content.grant, outcome);
      failures.push({ raw: event.raw, grant: content.grant, reason, detail, holdsSlot });
    }
    return failures;
  }

  /**
   * Anybody who can write to the topic could take slots away if the counter were not asked. A counter that is broken or
   * being rebuilt does not know: then a grant that it can have made keeps its slot, or a second user would be told the
   * sequence. A forger gains nothing by that: a grant that looks right becomes a coupon anyway.
   */
  async #holdsSlot(grant: Grant, { reason, impossible }: Refusal): Promise<boolean> {
    if (reason === 'late-epoch') return false;
    const confirmation = await this.#counters.confirms(grant);
    if (confirmation === 'unknown') return reason === 'rejected' && impossible !== true;
    return confirmation === 'granted';
  }
}
