import type { Instant } from './campaign.ts';
import type { CampaignId } from './campaign-id.ts';
import { DomainError } from './domain-error.ts';
import type { Grant } from './grant.ts';
import type { UserId } from './user-id.ts';

/** Raw content above this size is cut before it is kept; its length and digest are those of the whole. */
export const LARGEST_KEPT_CONTENT = 64 * 1024;

/** After so many refused attempts only an operator tries again. */
export const MOST_ATTEMPTS = 10;

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
  /** May be made when it is asked for: only of few events anybody wants to know. */
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

/** Whose work a step was: the consumer's, the leader's in the background, or an operator's command. */
export type Actor = 'consumer' | 'leader' | 'operator';

/**
 * - `kept`: it became a failed event
 * - `refused`: an attempt to reissue it was refused
 * - `reissued`: it became a coupon
 * - `readmitted`: its user was admitted anew
 * - `closed`: another event of its grant became a coupon or was voided
 * - `voided`: an operator gave it up, for the reason in the detail
 */
export type StepKind = 'kept' | 'refused' | 'reissued' | 'readmitted' | 'closed' | 'voided';

/** What was done with a failed event, when, by whom. */
export interface FailedEventStep {
  readonly at: Instant;
  readonly actor: Actor;
  readonly step: StepKind;
  readonly detail: string;
}

export const LONGEST_VOID_REASON = 200;

/** @throws DomainError `invalid-request` */
export function checkVoidReason(reason: string): string {
  const length = [...reason].length;
  if (length >= 1 && length <= LONGEST_VOID_REASON && reason.trim() !== '' && reason.isWellFormed()) return reason;
  const detail = `must be a text of 1 to ${LONGEST_VOID_REASON} characters that is not blank, in valid Unicode`;
  throw new DomainError('invalid-request', 'The void needs a reason.', [{ field: 'reason', detail }]);
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
