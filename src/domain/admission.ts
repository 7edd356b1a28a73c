import type { Instant } from './campaign.ts';
import type { Grant } from './grant.ts';

/**
 * Why a counter cannot decide. Never "sold out": that would be a refusal nobody has verified.
 *
 * - `missing`: the counter has never heard of the campaign
 * - `prepared`: the campaign is being created and is not open yet
 * - `closed`: the counter is being rebuilt
 * - `incomplete`: a part of what the counter must hold is gone
 * - `fenced`: the counter as a whole may have lost grants and waits to be opened
 * - `crowded`: too much is pending to be read at once; only a sample says so
 */
export type UnknownReason = 'missing' | 'prepared' | 'closed' | 'incomplete' | 'fenced' | 'crowded';

/** The atomic decision on an application. */
export type Admission =
  | { readonly kind: 'granted'; readonly grant: Grant }
  | { readonly kind: 'already-granted'; readonly grant: Grant; readonly pending: boolean }
  | { readonly kind: 'sold-out' }
  | { readonly kind: 'not-started'; readonly startsAt: Instant; readonly now: Instant }
  | { readonly kind: 'ended' }
  | { readonly kind: 'voided' }
  | { readonly kind: 'unknown'; readonly reason: UnknownReason };

/** What the counter holds for one user. */
export type Holding =
  | { readonly kind: 'none' }
  | { readonly kind: 'pending'; readonly grant: Grant }
  | { readonly kind: 'granted'; readonly sequence: number; readonly epoch: number }
  | { readonly kind: 'voided'; readonly sequence: number }
  | { readonly kind: 'unknown'; readonly reason: UnknownReason };
