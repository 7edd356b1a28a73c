import type { CampaignId } from '../campaign-id.ts';
import type { ReconciliationReport } from '../reconciliation.ts';

/**
 * The last report of each campaign, for whoever asks, and for the next leader.
 *
 * Rejects like `CouponRepository`. Shares nothing with its callers. Each sentence below is a test in test/contracts/reconciliation-reports.contract.ts.
 */
export interface ReconciliationReports {
  /** Keeps a report in place of the campaign's earlier one. */
  keep(report: ReconciliationReport): Promise<void>;

  /** The campaign's last report, or null before the first. */
  find(campaignId: CampaignId): Promise<ReconciliationReport | null>;
}
