import type { Instant } from '../campaign.ts';

export interface Clock {
  /** The time of day. It may be corrected: never measure a duration with it. */
  now(): Instant;
  /** Milliseconds since an arbitrary moment; never goes backwards. */
  monotonic(): number;
}
