import { describe, expect, it } from 'vitest';
import type { ReconciliationReports } from '../../src/domain/ports/reconciliation-reports.ts';
import type { Disagreement, ReconciliationReport } from '../../src/domain/reconciliation.ts';
import type { UserId } from '../../src/domain/user-id.ts';
import { randomCampaignId } from '../support/random.ts';

const disagreement: Disagreement = {
  kind: 'other-user',
  sequence: 7,
  userId: '9223372036854775807' as UserId,
  counter: 'user 1',
  record: 'coupon of user 9223372036854775807',
  log: null,
  detail: 'counter and record name different users',
};

const aReport = (change: Partial<ReconciliationReport> = {}): ReconciliationReport => ({
  campaignId: randomCampaignId(),
  verification: {
    epoch: 3,
    watermark: 2_147_483_647,
    sampledAt: Date.UTC(2026, 0, 2, 3, 4, 5, 678),
    verifiedAt: Date.UTC(2026, 0, 2, 3, 4, 6, 789),
    log: 'partial',
    evidence: { firsts: { 0: '5@1767323045678', 11: '0@1767323045679' }, from: 12 },
    disagreements: { count: 2, first: Array.from({ length: 20 }, () => disagreement) },
  },
  unverifiable: null,
  ...change,
});

export function reconciliationReportsContract(name: string, make: () => Promise<ReconciliationReports>): void {
  describe(`${name} as ReconciliationReports`, () => {
    it("answers the campaign's last report, or null before the first", async () => {
      const reports = await make();
      const report = aReport();
      expect(await reports.find(report.campaignId)).toBeNull();
      await reports.keep(report);
      await reports.keep(aReport());
      expect(await reports.find(report.campaignId)).toEqual(report);
    });

    it("keeps a report in place of the campaign's earlier one", async () => {
      const reports = await make();
      const unverified = aReport({ verification: null, unverifiable: 'incomplete' });
      await reports.keep(unverified);
      expect(await reports.find(unverified.campaignId)).toEqual(unverified);
      const later = aReport({ campaignId: unverified.campaignId });
      await reports.keep(later);
      expect(await reports.find(unverified.campaignId)).toEqual(later);
    });
  });
}
