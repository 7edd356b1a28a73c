import type { CampaignId } from '../campaign-id.ts';
import type { Holder } from '../counter-standing.ts';

/**
 * Reads out the whole of a counter while it goes on granting.
 *
 * Rejects like `IssuanceCounter`. Each sentence below is a test in test/contracts/counter-holdings.contract.ts.
 */
export interface CounterHoldings {
  /**
   * Who holds which sequence, in pages of no particular order, voided users among them.
   * Whoever holds a sequence from the beginning to the end of the reading is given, though maybe twice.
   * Whoever is granted one meanwhile may be given or not.
   * A campaign that the counter does not know has no holders.
   * Says nothing of whether the counter is open and complete: only a reading before and after which it was, in one and
   * the same epoch, has seen everybody.
   */
  holders(campaignId: CampaignId): AsyncIterable<readonly Holder[]>;
}
