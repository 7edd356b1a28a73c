import { InMemoryCouponRepository } from '../../src/adapters/in-memory/in-memory-coupon-repository.ts';
import { InMemoryFailedEventStore } from '../../src/adapters/in-memory/in-memory-failed-event-store.ts';
import { slotHolders } from '../../src/adapters/in-memory/records-failed-event.ts';
import type { Grant } from '../../src/domain/grant.ts';
import { sameGrant } from '../../src/domain/grant.ts';
import type { Clock } from '../../src/domain/ports/clock.ts';
import type { IssueOutcome } from '../../src/domain/ports/coupon-repository.ts';
import { refusal } from '../../src/domain/refusal.ts';
import type { World } from './world.ts';

/** A database that may refuse the data of some users, as one does that was given too narrow a column. */
export class RefusingCoupons extends InMemoryCouponRepository {
  readonly #world: World;

  constructor(world: World, clock: Clock) {
    super(world.records, clock);
    this.#world = world;
  }

  override async issue(grants: readonly Grant[]): Promise<readonly IssueOutcome[]> {
    for (const { userId } of grants) if (this.#world.refused.has(userId)) this.#world.history.refused(userId);
    const outcomes: IssueOutcome[] = [];
    for (const grant of grants) {
      outcomes.push(...(this.#refuses(grant) ? [refusal('rejected', 'refused data')] : await super.issue([grant])));
    }
    return outcomes;
  }

  #refuses(grant: Grant): boolean {
    if (!this.#world.refused.has(grant.userId)) return false;
    const shelf = this.#world.records.find(grant.campaignId);
    if (!shelf?.record || grant.epoch < shelf.record.minimumEpoch) return false;
    const isRecorded =
      shelf.couponsByUser.has(grant.userId) ||
      shelf.burnt.has(grant.sequence) ||
      slotHolders(shelf).some((holder) => sameGrant(holder.grant, grant));
    return !isRecorded;
  }
}

export class RefusingFailedEvents extends InMemoryFailedEventStore {
  readonly #world: World;

  constructor(world: World, clock: Clock) {
    super(world.records, clock);
    this.#world = world;
  }

  override async reissue(
    ...asked: Parameters<InMemoryFailedEventStore['reissue']>
  ): ReturnType<InMemoryFailedEventStore['reissue']> {
    const user = this.#world.records.failedEvents.get(asked[0])?.event.grant?.userId;
    if (user !== undefined && this.#world.refused.has(user)) return { kind: 'still-failing', detail: 'refused data' };
    return super.reissue(...asked);
  }
}
