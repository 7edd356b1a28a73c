import { mysqlRecord, useMysqlDatabase } from '../support/mysql-database.ts';
import { describeWithServices } from '../support/services.ts';
import { issuanceRecordsContract } from './issuance-records.contract.ts';

describeWithServices('on MySQL', () => {
  const database = useMysqlDatabase();
  issuanceRecordsContract('MikroOrmIssuanceRecords', async () => mysqlRecord(database()));
});
