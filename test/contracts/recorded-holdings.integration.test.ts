import { mysqlRecord, useMysqlDatabase } from '../support/mysql-database.ts';
import { describeWithServices } from '../support/services.ts';
import { recordedHoldingsContract } from './recorded-holdings.contract.ts';

describeWithServices('on MySQL', () => {
  const database = useMysqlDatabase();
  recordedHoldingsContract('MikroOrmRecordedHoldings', async () => mysqlRecord(database()));
});
