import type { UnknownReason } from './admission.ts';
import type { Instant } from './campaign.ts';
import type { CampaignId } from './campaign-id.ts';
import type { UserId } from './user-id.ts';

/**
 * - `not-recorded`: a granted sequence that is no coupon, held by no failed event, and not burnt
 * - `recorded-twice`: a sequence that is in more than one place of the record
 * - `not-counted`: the record knows the user of a sequence, the counter knows none
 * - `other-user`: the counter and the record name different users
 * - `counted-twice`: the counter tells one sequence to two users
 * - `burnt-but-counted`: burnt without a user, and the counter has one
 * - `not-voided`: burnt with its user, and the counter takes the grant for good
 * - `voided`: the counter takes the grant for voided, and the record does not
 * - `no-event`: recorded for a user, and the event log has no such event
 * - `above-counter`: a sequence that the counter has not reached
 * - `terms`: limit or ceiling differ between counter and record, under the same version
 * - `ceiling`: the ceiling is not limit and burnt sequences together, or more is used than it allows
 * - `epoch`: the counter's epoch is not one that the record allows
 */
export type DisagreementKind =
  | 'not-recorded'
  | 'recorded-twice'
  | 'not-counted'
  | 'other-user'
  | 'counted-twice'
  | 'burnt-but-counted'
  | 'not-voided'
  | 'voided'
  | 'no-event'
  | 'above-counter'
  | 'terms'
  | 'ceiling'
  | 'epoch';

/** One thing that counter, event log and record do not say alike, and what each of them says; null: it says nothing. */
export interface Disagreement {
  readonly kind: DisagreementKind;
  readonly sequence: number | null;
  /** Whose it is according to the record, or else to the counter. */
  readonly userId: UserId | null;
  readonly counter: string | null;
  readonly record: string | null;
  readonly log: string | null;
  readonly detail: string;
}

/** Equal only where everything about two disagreements is the same. */
export const disagreementKey = ({ kind, sequence, counter, record, log, detail }: Disagreement): string =>
  JSON.stringify([kind, sequence, counter, record, log, detail]);

/** `partial`: the log was replaced, or has lost its beginning; it is compared from there on. */
type LogCoverage = 'complete' | 'partial';

/** By which a log is recognised: the oldest record of each partition, and the first sequence it is compared from. */
interface LogEvidence {
  readonly firsts: Readonly<Record<string, string>>;
  readonly from: number;
}

/** Every sequence up to the watermark was looked at in all three places. */
export interface Verification {
  readonly epoch: number;
  readonly watermark: number;
  /** When the counter was sampled; what was granted later is not covered. */
  readonly sampledAt: Instant;
  readonly verifiedAt: Instant;
  readonly log: LogCoverage;
  readonly evidence: LogEvidence;
  readonly disagreements: { readonly count: number; readonly first: readonly Disagreement[] };
}

export interface ReconciliationReport {
  readonly campaignId: CampaignId;
  /** The last one that could be made; null before the first. */
  readonly verification: Verification | null;
  /** Why the counter can be compared with nothing now; null where it can. */
  readonly unverifiable: UnknownReason | null;
}

/** For so many seconds something may have gone wrong unseen. */
export const watermarkAge = ({ sampledAt }: Pick<Verification, 'sampledAt'>, now: Instant): number =>
  Math.max(0, Math.floor((now - sampledAt) / 1_000));

/** How many disagreements a report names. */
export const MOST_NAMED = 20;
/** Beyond so many, a comparison stops counting: one that finds more has found that something is lost as a whole. */
export const MOST_COUNTED = 10_000;
