import type { Instant } from '../campaign.ts';
import type { CampaignId } from '../campaign-id.ts';
import type { FailedEvent, FailedEventFilter, Failure, OpenFailure } from '../failed-event.ts';
import type { Page, PageRequest } from '../page.ts';
import type { UserId } from '../user-id.ts';

export type ReissueOutcome =
  | { readonly kind: 'reissued' }
  /** It is not open any more, or not of a kind that can become a coupon. */
  | { readonly kind: 'not-reissuable'; readonly detail: string }
  /** The data is still refused; the attempt is counted. */
  | { readonly kind: 'still-failing'; readonly detail: string };

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

  /** How many are open, of one campaign where asked. */
  countOpen(campaignId: CampaignId | null): Promise<number>;

  /**
   * The open failed event of a user's grant, or null: the one that holds a slot first, then one that came too late.
   * Anybody who can write to the log could put others in front of these.
   */
  openFailureOf(campaignId: CampaignId, userId: UserId): Promise<OpenFailure | null>;

  /** Open failed events that may become a coupon and whose next attempt is due, longest due first, at most `most`. */
  due(now: Instant, most: number): Promise<readonly FailedEvent[]>;

  /**
   * Turns an open failed event into a coupon, and closes it, in one transaction.
   * Reissuing twice makes one coupon.
   * What is still refused stays open with one attempt more, and is due again only after `retryAt`.
   * Closes every open failed event of the grant.
   * What holds a slot is reissued after any rebuild, which counted it among the holders.
   * What came too late is left to a new admission.
   * A malformed event is never reissuable.
   */
  reissue(id: string, now: Instant, retryAt: Instant): Promise<ReissueOutcome>;

  /** Lets an open failed event be due again only after `retryAt`, without counting an attempt. */
  postpone(id: string, retryAt: Instant): Promise<void>;

  /** Closes an open failed event whose user was admitted anew. */
  closeReadmitted(id: string, now: Instant): Promise<void>;
}
