import type { Instant } from './campaign.ts';
import type { CampaignId } from './campaign-id.ts';
import type { Grant } from './grant.ts';
import type { UserId } from './user-id.ts';

/** Raw content above this size is cut before it is kept; its length and digest are those of the whole. */
export const LARGEST_KEPT_CONTENT = 64 * 1024;

/** An event as it lay in the event log, whatever it contains. */
export interface RawEvent {
  readonly topic: string;
  readonly partition: number;
  /** A 64-bit position, as decimal text. */
  readonly offset: string;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: readonly (readonly [name: string, value: Uint8Array])[];
  /** Bytes of key, value and headers together, before anything was cut. */
  readonly length: number;
  /** SHA-256 of key, value and headers as they were, each framed by its length, in hexadecimal. */
  readonly digest: string;
}

/** An event as the consumer reads it: a grant, or the reason why no grant can be read from it. */
export interface ReceivedEvent {
  readonly raw: RawEvent;
  readonly content: { readonly grant: Grant } | { readonly malformed: string };
}

/**
 * - `malformed`: no grant can be read from it; never reissuable
 * - `unknown-campaign`: the campaign is not recorded
 * - `sequence-conflict`: another user holds the sequence, or it is burnt
 * - `user-conflict`: the user holds another sequence
 * - `late-epoch`: its counter was rebuilt without it; the user was told no sequence; holds no slot
 * - `rejected`: the permanent record refused the data itself, or no counter can have made such a grant
 */
export type FailureReason =
  | 'malformed'
  | 'unknown-campaign'
  | 'sequence-conflict'
  | 'user-conflict'
  | 'late-epoch'
  | 'rejected';

export type FailedEventStatus = 'open' | 'reissued' | 'void';
export const FAILED_EVENT_STATUSES: readonly FailedEventStatus[] = ['open', 'reissued', 'void'];

/** An event that could not become a coupon, about to be kept. */
export interface Failure {
  readonly raw: RawEvent;
  readonly grant: Grant | null;
  readonly reason: FailureReason;
  readonly detail: string;
  /** True only where the counter granted exactly this: the slot stays taken until the event is settled. */
  readonly holdsSlot: boolean;
}

/** An event that could not become a coupon, as it is kept. */
export interface FailedEvent extends Failure {
  readonly id: string;
  readonly status: FailedEventStatus;
  /** Reissues that failed on the data itself; outages do not count. */
  readonly attempts: number;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

export interface FailedEventFilter {
  readonly campaignId: CampaignId | null;
  readonly status: FailedEventStatus | null;
}

/** The open failed event of one user in one campaign, as far as an answer to that user needs it. */
export interface OpenFailure {
  readonly userId: UserId;
  readonly sequence: number;
  readonly reason: FailureReason;
}
