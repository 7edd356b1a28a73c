import { mysqlRecord, useMysqlDatabase } from '../support/mysql-database.ts';
import { describeWithServices } from '../support/services.ts';
import { reconciliationReportsContract } from './reconciliation-reports.contract.ts';

describeWithServices('on MySQL', () => {
  const database = useMysqlDatabase();
  reconciliationReportsContract('MikroOrmReconciliationReports', async () => mysqlRecord(database()).reports);
});
