import type { CampaignId } from '../domain/campaign-id.ts';
import type { CampaignRepository } from '../domain/ports/campaign-repository.ts';
import type { ReconciliationReports } from '../domain/ports/reconciliation-reports.ts';
import type { ReconciliationReport } from '../domain/reconciliation.ts';

/** What the leader reported last of a campaign. */
export class ShowReconciliation {
  readonly #campaigns: CampaignRepository;
  readonly #reports: ReconciliationReports;

  constructor(campaigns: CampaignRepository, reports: ReconciliationReports) {
    this.#campaigns = campaigns;
    this.#reports = reports;
  }

  /** Null: no such campaign. Without a verification: it was not reconciled yet. */
  async execute(id: CampaignId): Promise<ReconciliationReport | null> {
    if ((await this.#campaigns.find(id)) === null) return null;
    return (await this.#reports.find(id)) ?? { campaignId: id, verification: null, unverifiable: null };
  }
}
