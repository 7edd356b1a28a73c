import { mysqlRecord, useMysqlDatabase } from '../support/mysql-database.ts';
import { describeWithServices } from '../support/services.ts';
import { campaignRepositoryContract } from './campaign-repository.contract.ts';

describeWithServices('on MySQL', () => {
  const database = useMysqlDatabase();
  campaignRepositoryContract('MikroOrmCampaignRepository', async () => mysqlRecord(database()));
});
