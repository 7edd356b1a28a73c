import type { UnknownReason } from '../admission.ts';
import type { CampaignRecord, CampaignTerms } from '../campaign.ts';
import type { CampaignId } from '../campaign-id.ts';
import type { CounterSample, Holder, UnknownStanding } from '../counter-standing.ts';
import type { Grant } from '../grant.ts';
import type { UserId } from '../user-id.ts';

/** `conflict`: something of that campaign stands in the counter that this preparation did not make. */
export type Preparation = { readonly kind: 'prepared'; readonly token: string } | { readonly kind: 'conflict' };

export type ChangeOutcome =
  | { readonly kind: 'changed'; readonly limit: number; readonly ceiling: number }
  | { readonly kind: 'outdated' }
  | { readonly kind: 'unknown'; readonly reason: UnknownReason };

export type MarkOutcome =
  | { readonly kind: 'marked'; readonly marked: number }
  | { readonly kind: 'overtaken' }
  | { readonly kind: 'unknown'; readonly reason: UnknownReason };

export type VoidUserOutcome =
  | { readonly kind: 'voided' | 'not-held' }
  | { readonly kind: 'unknown'; readonly reason: UnknownReason };

/** `unknown`: the counter may have granted it, and lost it. */
export type Confirmation = 'granted' | 'not-granted' | 'unknown';

/**
 * What operators and the leader do with counters that need no rebuild.
 *
 * Rejects like `IssuanceCounter`; `prepare`, `open` and `retire` also while the counter as a whole is not open. Each sentence below is a test in test/contracts/counter-keeper.contract.ts.
 */
export interface CounterKeeper {
  /**
   * Prepares the counter of a new campaign under a token; it grants nothing yet.
   * Preparing again keeps the first token.
   * What is open or closed already is a `conflict`, and stays as it is; so is what has lost its description only.
   */
  prepare(record: CampaignRecord, token: string): Promise<Preparation>;

  /**
   * Opens what was prepared under this token; true where the campaign is open under it afterwards.
   * A token other than the prepared one opens nothing, and is not that of an open campaign.
   */
  open(campaignId: CampaignId, token: string): Promise<boolean>;

  /**
   * Takes over the terms of a version, with so many burnt sequences.
   * A raise reopens a sold-out campaign, for users who were refused before.
   * A limit below what is granted is clamped to that, and the outcome says so.
   * A version that is not higher than the present one is `outdated` and changes nothing.
   */
  change(campaignId: CampaignId, terms: CampaignTerms, burnt: number, version: number): Promise<ChangeOutcome>;

  /**
   * The grants that have been pending for longer than so many milliseconds by the counter's clock, oldest first, at most `most`.
   * A campaign that is not open and complete has none.
   */
  stale(campaignId: CampaignId, olderThan: number, most: number): Promise<readonly Grant[]>;

  /**
   * Clears the pending marks of grants whose events are durable, and resolves when they are cleared.
   * A mark is cleared only where sequence and epoch match, and only while the campaign is open and complete.
   */
  clearMarks(campaignId: CampaignId, grants: readonly Grant[]): Promise<void>;

  /**
   * Makes grants pending again, as of now, so that their events are published once more; answers how many.
   * Whoever does not hold exactly this sequence, is voided or pending already, is left alone.
   * In another epoch nothing is marked: `overtaken`.
   */
  markPending(campaignId: CampaignId, epoch: number, holders: readonly Holder[]): Promise<MarkOutcome>;

  /**
   * Removes an archived campaign, whatever is left of it; what is removed already is `retired` too.
   * One that is open and complete with a pending grant, or with a higher version than this, is `busy` and stays.
   */
  retire(campaignId: CampaignId, version: number): Promise<'retired' | 'busy'>;

  /**
   * Marks a user as voided who holds exactly this sequence, and takes his pending mark away.
   * Voiding him again is `voided` too; whoever holds another sequence, or none, is `not-held` and stays as he is.
   * A voided user is told so, and the campaign stays complete; while it is not, nobody is voided.
   */
  voidUser(campaignId: CampaignId, userId: UserId, sequence: number): Promise<VoidUserOutcome>;

  /**
   * Counter, epoch and every pending sequence, read in one step.
   * Above `MOST_SAMPLED` there are too many pending grants to be read at once: unknown, `crowded`.
   */
  sample(campaignId: CampaignId): Promise<CounterSample | UnknownStanding>;

  /**
   * Whether the counter granted exactly this, in this epoch, be it open or not.
   * Another sequence, another epoch or another user is `not-granted`, said only by a counter that is open and complete.
   * A counter that is not, or has lost its incarnation, does not know what it granted.
   */
  confirms(grant: Grant): Promise<Confirmation>;
}
