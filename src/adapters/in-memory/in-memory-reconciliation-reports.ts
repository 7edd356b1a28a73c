import type { CampaignId } from '../../domain/campaign-id.ts';
import type { ReconciliationReports } from '../../domain/ports/reconciliation-reports.ts';
import type { ReconciliationReport } from '../../domain/reconciliation.ts';
import type { InMemoryRecords } from './records.ts';

export class InMemoryReconciliationReports implements ReconciliationReports {
  readonly #records: InMemoryRecords;

  constructor(records: InMemoryRecords) {
    this.#records = records;
  }

  async keep(report: ReconciliationReport): Promise<void> {
    this.#records.reconciliations.set(report.campaignId, structuredClone(report));
  }

  async find(campaignId: CampaignId): Promise<ReconciliationReport | null> {
    return structuredClone(this.#records.reconciliations.get(campaignId) ?? null);
  }
}
