import type { CampaignId } from '../domain/campaign-id.ts';
import type { CounterStanding } from '../domain/counter-standing.ts';

export interface SeenCounter {
  readonly epoch: number;
  /** The highest sequence used. */
  readonly counter: number;
}

export const NEVER_SEEN: SeenCounter = { epoch: 0, counter: 0 };

/**
 * How far this process has seen the counters. One that stands before that has forgotten grants, though it may be whole
 * in itself: an older copy that a server took over without losing its scripts.
 */
export class SeenCounters {
  readonly #seen = new Map<CampaignId, SeenCounter>();

  of(id: CampaignId): SeenCounter {
    return this.#seen.get(id) ?? NEVER_SEEN;
  }

  /** Answers may overtake each other. */
  saw(id: CampaignId, counter: SeenCounter): void {
    if (isBefore(this.of(id), counter)) this.#seen.set(id, { epoch: counter.epoch, counter: counter.counter });
  }

  /** A standing, and it is seen: `incomplete` where it stands before what had been seen when it was asked for. */
  async judge(id: CampaignId, ask: () => Promise<CounterStanding>): Promise<CounterStanding> {
    const seen = this.of(id);
    const standing = await ask();
    if (standing.kind === 'unknown') return standing;
    if (isBefore(standing, seen)) return { kind: 'unknown', reason: 'incomplete' };
    this.saw(id, standing);
    return standing;
  }
}

export const isBefore = (one: SeenCounter, other: SeenCounter): boolean =>
  one.epoch < other.epoch || (one.epoch === other.epoch && one.counter < other.counter);
