import { inMemoryRecord } from '../support/permanent-record.ts';
import { reconciliationReportsContract } from './reconciliation-reports.contract.ts';

reconciliationReportsContract('InMemoryReconciliationReports', async () => inMemoryRecord().reports);
