import type { Admission, Holding } from '../admission.ts';
import type { CampaignId } from '../campaign-id.ts';
import type { CounterStanding } from '../counter-standing.ts';
import type { Grant } from '../grant.ts';
import type { UserId } from '../user-id.ts';

/** `any-time` is for the reissue of a grant that a rebuild lost: the user applied while the campaign was open. */
export type OpeningHours = 'respected' | 'any-time';

/**
 * Decides who gets a coupon while any are left.
 *
 * Rejects with `Unavailable` when the store was not asked, with `OutcomeUnknown` when it was asked and did not answer:
 * callers then assume nothing, and asking again joins what happened. Each sentence below is a test in test/contracts/issuance-counter.contract.ts.
 */
export interface IssuanceCounter {
  /**
   * Takes one slot of the campaign for one user, and marks the grant pending, in one atomic step.
   * However many callers race, at most `limit` users are granted one, each of them once.
   * A user who asks again is told the same sequence, even after the campaign sold out or ended.
   * Sequences rise by one in the order of the decisions.
   * A grant asked for again says whether it is still pending.
   * Campaigns do not affect each other.
   * A campaign never opened is `unknown`, never `sold-out`.
   * One of which the counter has lost a part is `unknown`, and grants nothing.
   * So is one that stands before what this process has seen of it: it is closed, until it is rebuilt.
   * Nothing is granted before the opening time or from the closing time on, by the counter's own clock.
   * Opening hours do not stop an admission at `any-time`, the ceiling does.
   * A voided user is told so.
   * What was given out or handed in cannot change what is stored.
   */
  admit(campaignId: CampaignId, userId: UserId, hours?: OpeningHours): Promise<Admission>;

  /**
   * Says that the event of a grant is durable: its pending mark is cleared within 100 ms, if nothing is lost on the way.
   * A settled grant is no longer pending; whoever settled it finds it granted from then on.
   * A mark is cleared only where sequence and epoch match.
   * A mark that is lost on the way is harmless: the grant is published once more.
   */
  settle(grant: Grant): void;

  /**
   * What the counter holds for one user.
   * A user who never applied holds none, a pending one his grant, a settled one his sequence.
   */
  find(campaignId: CampaignId, userId: UserId): Promise<Holding>;

  /**
   * Limit, ceiling, counter, pending grants and the time of the oldest, opening hours, epoch, version and clock, read in
   * one step.
   * The standing of a campaign never opened is `unknown`.
   * What a standing says is seen too: one that stands before that is `incomplete`, and an application closes it.
   */
  standing(campaignId: CampaignId): Promise<CounterStanding>;
}
