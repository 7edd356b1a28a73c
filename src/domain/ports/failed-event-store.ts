import type { Instant } from '../campaign.ts';
import type { CampaignId } from '../campaign-id.ts';
import type { Actor, FailedEvent, FailedEventFilter, FailedEventStep, Failure, OpenFailure } from '../failed-event.ts';
import type { Page, PageRequest } from '../page.ts';
import type { UserId } from '../user-id.ts';

/** How many failed events are open. */
export interface OpenCount {
  readonly reissuable: number;
  readonly malformed: number;
}

export interface LeaseRequest {
  /** Whoever asks, by a name that nobody else has. */
  readonly owner: string;
  readonly now: Instant;
  readonly until: Instant;
  readonly most: number;
  readonly campaignId: CampaignId | null;
  /** `due`: what the background work may try, longest due first; otherwise all after an id, oldest first. */
  readonly which: 'due' | { readonly after: string };
}

export type ReissueOutcome =
  | { readonly kind: 'reissued' }
  /** It is not of a kind that can become a coupon. */
  | { readonly kind: 'not-reissuable'; readonly detail: string }
  /** The data is still refused; the attempt is counted. */
  | { readonly kind: 'still-failing'; readonly detail: string }
  /** The caller has no lease on it any more: somebody else may have done the work, and nothing was done here. */
  | { readonly kind: 'lease-lost' };

/**
 * What could not become a coupon, and why.
 *
 * Rejects like `CouponRepository`. Shares nothing with its callers. Each sentence below is a test in test/contracts/failed-event-store.contract.ts.
 */
export interface FailedEventStore {
  /**
   * Keeps failures with their reason and raw content.
   * Keeping the same event again adds nothing; an event of a recreated topic, whose offsets start again, is another one.
   * At most one failed event holds the slot of a sequence, and at most one the slot of a user.
   * A grant that became a coupon meanwhile, or whose slot another failed event holds, is not kept.
   * A failure that would hold a slot of an epoch below the minimum is kept without it, as `late-epoch`.
   */
  keep(failures: readonly Failure[]): Promise<void>;

  /**
   * Failed events, oldest first, in pages that neither skip nor repeat, of one campaign or status where asked.
   *
   * @throws DomainError `invalid-request` for a cursor that no page gave
   */
  page(filter: FailedEventFilter, page: PageRequest): Promise<Page<FailedEvent>>;

  find(id: string): Promise<FailedEvent | null>;

  /** What was done with a failed event, oldest first: each step is written by the transaction that makes it. */
  history(id: string): Promise<readonly FailedEventStep[]>;

  /** How many are open, of one campaign where asked. */
  countOpen(campaignId: CampaignId | null): Promise<OpenCount>;

  /**
   * The open failed event of a user's grant, or null: the one that holds a slot first, then one that came too late.
   * Anybody who can write to the log could put others in front of these.
   */
  openFailureOf(campaignId: CampaignId, userId: UserId): Promise<OpenFailure | null>;

  /**
   * Open failed events that may become a coupon, leased to their owner until a moment, of one campaign where asked, at most `most`.
   * What is leased to somebody else is not given before that lease is over.
   * However many race, each event is leased to one of them.
   * What is due comes longest due first, without what is put off and what has reached the most attempts.
   * All after an id come oldest first, due or not, whatever their attempts.
   */
  lease(request: LeaseRequest): Promise<readonly FailedEvent[]>;

  /**
   * Leases one failed event, and answers it; `leased` where somebody else works on it; null where there is none.
   * What is not open, or can never become a coupon, is answered without a lease.
   */
  leaseOne(id: string, owner: string, now: Instant, until: Instant): Promise<FailedEvent | 'leased' | null>;

  /**
   * Turns a failed event that the owner has leased into a coupon, and closes it, in one transaction.
   * Reissuing twice makes one coupon.
   * What is still refused stays open with one attempt more, and is due again only after `retryAt`.
   * Whoever does not hold the lease any more changes nothing, and counts no attempt.
   * Each outcome gives the lease back.
   * Closes every open failed event of the grant.
   * What holds a slot is reissued after any rebuild, which counted it among the holders.
   * What came too late is left to a new admission.
   */
  reissue(id: string, owner: string, now: Instant, retryAt: Instant, by: Actor): Promise<ReissueOutcome>;

  /** Gives the lease of an open failed event back, to be due again only after `retryAt`, without counting an attempt. */
  postpone(id: string, owner: string, retryAt: Instant): Promise<void>;

  /** Closes a failed event that the owner has leased, and whose user was admitted anew. */
  closeReadmitted(id: string, owner: string, now: Instant, by: Actor): Promise<void>;
}
