import type { UnknownReason } from './admission.ts';
import type { CampaignTerms, Instant } from './campaign.ts';
import type { UserId } from './user-id.ts';

/** What the counter of an open, complete campaign says of itself. */
export interface OpenStanding extends CampaignTerms {
  readonly kind: 'open';
  readonly ceiling: number;
  /** The highest sequence used. */
  readonly counter: number;
  readonly pending: number;
  /** When the oldest of the pending grants was made. */
  readonly oldestPending: Instant | null;
  readonly epoch: number;
  readonly version: number;
  /** The counter's clock. */
  readonly now: Instant;
}

export interface UnknownStanding {
  readonly kind: 'unknown';
  readonly reason: UnknownReason;
}

export type CounterStanding = OpenStanding | UnknownStanding;

export const remainingOf = (standing: Pick<OpenStanding, 'ceiling' | 'counter'>): number =>
  Math.max(0, standing.ceiling - standing.counter);

/** Everything of the limit that is no longer free; burnt sequences are not counted, their slots are free again. */
export const grantedOf = (standing: Pick<OpenStanding, 'ceiling' | 'counter' | 'limit'>): number =>
  standing.limit - remainingOf(standing);

/** More pending sequences are not read in one step: a counter serves nobody else meanwhile, and connections drop. */
export const MOST_SAMPLED = 20_000;

/** Counter, pending sequences and epoch, read in one step. */
export interface CounterSample {
  readonly epoch: number;
  readonly counter: number;
  readonly pending: readonly number[];
}

/** Who holds which sequence: voided, he holds it for nobody else to have it. */
export interface Holder {
  readonly userId: UserId;
  readonly sequence: number;
  readonly voided: boolean;
}
