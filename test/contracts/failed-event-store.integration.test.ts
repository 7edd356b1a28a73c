import { mysqlRecord, useMysqlDatabase } from '../support/mysql-database.ts';
import { describeWithServices } from '../support/services.ts';
import { failedEventStoreContract } from './failed-event-store.contract.ts';

describeWithServices('on MySQL', () => {
  const database = useMysqlDatabase();
  failedEventStoreContract('MikroOrmFailedEventStore', async () => mysqlRecord(database()));
});
