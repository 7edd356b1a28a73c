import type { CampaignId } from '../../domain/campaign-id.ts';
import type { Clock } from '../../domain/ports/clock.ts';
import type { ReconciliationReports } from '../../domain/ports/reconciliation-reports.ts';
import type { ReconciliationReport } from '../../domain/reconciliation.ts';
import type { Database } from './database.ts';

const COLUMNS = 'campaign_id, epoch, watermark, sampled_at, verified_at, disagreements, report';

/** The columns are for whoever looks at the table; the report itself is the text. */
export class MikroOrmReconciliationReports implements ReconciliationReports {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  async keep(report: ReconciliationReport): Promise<void> {
    const { campaignId, verification } = report;
    const now = this.#clock.now();
    const row = [
      campaignId,
      verification?.epoch ?? 0,
      verification?.watermark ?? 0,
      new Date(verification?.sampledAt ?? now),
      new Date(verification?.verifiedAt ?? now),
      verification?.disagreements.count ?? 0,
      JSON.stringify(report),
    ];
    await this.#database.transaction((em) =>
      em.execute(`replace into reconciliations (${COLUMNS}) values (?, ?, ?, ?, ?, ?, ?)`, row),
    );
  }

  async find(campaignId: CampaignId): Promise<ReconciliationReport | null> {
    const [row] = await this.#database.read((em) =>
      em.execute<{ report: string }[]>('select report from reconciliations where campaign_id = ?', [campaignId]),
    );
    return row === undefined ? null : (JSON.parse(row.report) as ReconciliationReport);
  }
}
