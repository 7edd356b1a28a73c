import type { CampaignRecord } from '../campaign.ts';
import type { CampaignId } from '../campaign-id.ts';
import type { Holder } from '../counter-standing.ts';
import type { Grant } from '../grant.ts';
import type { Incarnation } from './incarnations.ts';

/**
 * Opens the counter as a whole after it may have lost grants, and rebuilds campaigns. Only the leader uses it.
 *
 * Each sentence below is a test in test/contracts/counter-opening.contract.ts.
 */
export interface CounterOpening {
  /**
   * One connection to one running server, which never reconnects: when that server goes away or is replaced, every
   * later call rejects with `Unavailable`, and what was begun has to be started over. A server that took the place of
   * another serves no incarnation. Does not begin while the server is away: rejects with `Unavailable`.
   */
  begin(): Promise<OpeningSession>;
}

/** Pages of holders, at hand or still to be read. */
export type HolderPages = Iterable<readonly Holder[]> | AsyncIterable<readonly Holder[]>;

export interface OpeningSession {
  /** Whether this server serves admissions under the incarnation. */
  isServing(incarnation: Incarnation): Promise<boolean>;

  /** After it, no process of any incarnation can use the counter until `serve`. */
  fence(): Promise<void>;

  /** Admissions are served under this incarnation from now on, and under no other that was fenced. */
  serve(incarnation: Incarnation): Promise<void>;

  /**
   * Nothing is granted in a closed campaign, whatever stood there before.
   * A closing of a lower epoch than the present closing changes nothing and answers false; so does one for an epoch
   * under which the campaign was reopened.
   */
  close(campaignId: CampaignId, epoch: number): Promise<boolean>;

  /**
   * Closes every open campaign that is not among these, and answers which: left-overs of another record.
   * A campaign that is closed so can be closed for any epoch, and rebuilt, later.
   */
  closeOthers(recorded: ReadonlySet<CampaignId>): Promise<readonly CampaignId[]>;

  /** The pending grants that a closed campaign still holds; none where a part of it is gone. */
  survivors(campaignId: CampaignId): Promise<readonly Grant[]>;

  /**
   * Puts the holders in place of whatever the counter held and opens the campaign with the terms, ceiling, version and
   * epoch of the record: only while it is closed for exactly that epoch, otherwise it changes nothing and answers false.
   * A reopened campaign grants the sequences above the highest holder, up to the ceiling; without holders, from the first.
   * The holders are told their sequences again, and are not pending.
   * Takes them in pages, and of two entries of one user the later one.
   * Rejects where a page cannot be read, as that did; the campaign stays closed.
   */
  replace(record: CampaignRecord, highest: number, holders: HolderPages): Promise<boolean>;

  end(): Promise<void>;
}
