import { mysqlRecord, useMysqlDatabase } from '../support/mysql-database.ts';
import { describeWithServices } from '../support/services.ts';
import { couponRepositoryContract } from './coupon-repository.contract.ts';

describeWithServices('on MySQL', () => {
  const database = useMysqlDatabase();
  couponRepositoryContract('MikroOrmCouponRepository', async () => mysqlRecord(database()));
});
