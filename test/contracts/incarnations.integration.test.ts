import { mysqlRecord, useMysqlDatabase } from '../support/mysql-database.ts';
import { describeWithServices } from '../support/services.ts';
import { incarnationsContract } from './incarnations.contract.ts';

describeWithServices('on MySQL', () => {
  const database = useMysqlDatabase();
  incarnationsContract('MikroOrmIncarnations', async () => mysqlRecord(database()));
});
