import type { CampaignId } from '../campaign-id.ts';
import type { Coupon } from '../coupon.ts';
import type { FailureReason } from '../failed-event.ts';
import type { Grant } from '../grant.ts';
import type { Page, PageRequest } from '../page.ts';
import type { UserId } from '../user-id.ts';

/** What became of a grant. */
export type IssueOutcome =
  | { readonly kind: 'issued' }
  | { readonly kind: 'already-recorded' }
  | {
      readonly kind: 'failed';
      readonly reason: Exclude<FailureReason, 'malformed'>;
      readonly detail: string;
      /** No counter of the campaign can have made the grant. */
      readonly impossible?: true;
    };

/**
 * The permanent record of coupons.
 *
 * Rejects with `Unavailable` or `OutcomeUnknown` when the store cannot be asked: nothing is assumed of the grants, and
 * issuing them again is safe (for MySQL: test/adapters/mikro-orm). Shares nothing with its callers. Each sentence below is a test in test/contracts/coupon-repository.contract.ts.
 */
export interface CouponRepository {
  /**
   * Records a batch of grants in one transaction and says what became of each, in the order given.
   * A grant becomes a coupon with its own sequence.
   * Issuing the same grant again, in the same batch or a later one, is `already-recorded`.
   * Every copy of a grant that cannot become a coupon is told why.
   * A grant that is kept as a failed event holding a slot, or burnt, is `already-recorded`.
   * A grant of a campaign that is not recorded fails as `unknown-campaign`.
   * A sequence that another user holds fails as `sequence-conflict`, a user with another sequence as `user-conflict`.
   * A grant of an epoch below the minimum fails as `late-epoch`, unless it is recorded already.
   * A sequence above the ceiling, or an epoch that was never reached, is `rejected` as impossible.
   * Of two grants of a batch that claim one sequence or one user, the first has it.
   * A coupon closes the open failed events of its grant.
   * One bad grant does not keep its neighbours from becoming coupons.
   * However batches overlap and race, a campaign holds one coupon per user and per sequence.
   */
  issue(grants: readonly Grant[]): Promise<readonly IssueOutcome[]>;

  /** The coupon of one user in one campaign, or null. */
  find(campaignId: CampaignId, userId: UserId): Promise<Coupon | null>;

  /**
   * One user's coupons, newest first, in pages that neither skip nor repeat.
   *
   * @throws DomainError `invalid-request` for a cursor that no page gave
   */
  listOf(userId: UserId, page: PageRequest): Promise<Page<Coupon>>;
}
