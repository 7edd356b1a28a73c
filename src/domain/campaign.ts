import type { CampaignId } from './campaign-id.ts';
import { DomainError, type FieldError } from './domain-error.ts';

/** A moment, in milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number;

export const LARGEST_LIMIT = 2 ** 31 - 1;
export const LONGEST_NAME = 200;

/** What an operator decides about a campaign. */
export interface CampaignTerms {
  readonly name: string;
  /** How many coupons the campaign gives, 1 to 2^31 − 1. */
  readonly limit: number;
  /** Applications are granted from this moment on; `null`: at once. */
  readonly startsAt: Instant | null;
  /** Applications are granted before this moment; `null`: no end. */
  readonly endsAt: Instant | null;
}

export interface Campaign extends CampaignTerms {
  readonly id: CampaignId;
}

/** A campaign as the permanent record keeps it. */
export interface CampaignRecord extends Campaign {
  /** Limit + burnt: the highest sequence that may be granted. */
  readonly ceiling: number;
  /** The incarnation of the campaign's counter, from 1; raised whenever that has to be rebuilt. */
  readonly epoch: number;
  /** Events of an older epoch whose grant is not recorded come too late to become a coupon. */
  readonly minimumEpoch: number;
  /** Incremented by every change of the terms, every void and every rebuild. */
  readonly version: number;
  readonly createdAt: Instant;
  readonly openedAt: Instant | null;
  /** The token under which the first counter was prepared; `null` until the campaign was opened. */
  readonly openingToken: string | null;
  /** From then on nobody changes the campaign any more, and the counter does not know it. */
  readonly archivedAt: Instant | null;
  /** How much of the limit was granted in the end; `null` until the campaign is archived. */
  readonly archivedGranted: number | null;
}

/** A campaign that has ended is archived after this time, in milliseconds, once it is settled. */
export const ARCHIVE_AFTER = 24 * 60 * 60 * 1_000;

export const isArchivable = ({ endsAt }: Pick<CampaignTerms, 'endsAt'>, now: Instant): boolean =>
  endsAt !== null && now >= endsAt + ARCHIVE_AFTER;

export type CampaignState = 'scheduled' | 'open' | 'sold-out' | 'ended';

/** Ended before sold out: a campaign that is over says so even when nothing is left. */
export function campaignState(
  window: Pick<CampaignTerms, 'startsAt' | 'endsAt'>,
  remaining: number,
  now: Instant,
): CampaignState {
  if (window.endsAt !== null && now >= window.endsAt) return 'ended';
  if (window.startsAt !== null && now < window.startsAt) return 'scheduled';
  return remaining > 0 ? 'open' : 'sold-out';
}

export const sameTerms = (a: CampaignTerms, b: CampaignTerms): boolean =>
  a.name === b.name && a.limit === b.limit && a.startsAt === b.startsAt && a.endsAt === b.endsAt;

/** @throws DomainError `invalid-request`, naming every field that is wrong */
export function checkTerms(terms: CampaignTerms): CampaignTerms {
  const errors: FieldError[] = [];
  const length = [...terms.name].length;
  if (length < 1 || length > LONGEST_NAME || terms.name.trim() === '' || !terms.name.isWellFormed()) {
    errors.push({
      field: 'name',
      detail: `must be a text of 1 to ${LONGEST_NAME} characters that is not blank, in valid Unicode`,
    });
  }
  if (!Number.isSafeInteger(terms.limit) || terms.limit < 1 || terms.limit > LARGEST_LIMIT) {
    errors.push({ field: 'limit', detail: `must be an integer from 1 to ${LARGEST_LIMIT}` });
  }
  if (terms.startsAt !== null && terms.endsAt !== null && terms.endsAt <= terms.startsAt) {
    errors.push({ field: 'endsAt', detail: 'must be later than startsAt' });
  }
  if (errors.length > 0) throw new DomainError('invalid-request', 'The campaign is not valid.', errors);
  return terms;
}

/** A change of some terms; what is absent stays as it is. */
export type TermsPatch = Partial<CampaignTerms>;

/** @throws DomainError `invalid-request` where the result is not a valid campaign */
export const patchTerms = (terms: CampaignTerms, patch: TermsPatch): CampaignTerms =>
  checkTerms({
    name: patch.name ?? terms.name,
    limit: patch.limit ?? terms.limit,
    startsAt: patch.startsAt === undefined ? terms.startsAt : patch.startsAt,
    endsAt: patch.endsAt === undefined ? terms.endsAt : patch.endsAt,
  });

/** Sequences that will never be a coupon, according to the record. */
export const burntOf = (record: Pick<CampaignRecord, 'ceiling' | 'limit'>): number => record.ceiling - record.limit;
