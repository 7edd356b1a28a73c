import { MikroOrmLeadership } from '../../src/adapters/mikro-orm/mikro-orm-leadership.ts';
import { useMysqlDatabase } from '../support/mysql-database.ts';
import { describeWithServices } from '../support/services.ts';
import { leadershipContract } from './leadership.contract.ts';

describeWithServices('on MySQL', () => {
  const database = useMysqlDatabase();
  leadershipContract('MikroOrmLeadership', async () => [
    new MikroOrmLeadership(database().orm),
    new MikroOrmLeadership(database().orm),
  ]);
});
