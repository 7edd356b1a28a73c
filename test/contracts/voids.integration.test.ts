import { mysqlRecord, useMysqlDatabase } from '../support/mysql-database.ts';
import { describeWithServices } from '../support/services.ts';
import { voidsContract } from './voids.contract.ts';

describeWithServices('on MySQL', () => {
  const database = useMysqlDatabase();
  voidsContract('MikroOrmVoids', async () => mysqlRecord(database()));
});
