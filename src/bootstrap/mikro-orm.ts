import type { MikroORM } from '@mikro-orm/mysql';
import { ContainerModule } from 'inversify';
import { Database } from '../adapters/mikro-orm/database.ts';
import { MikroOrmCampaignRepository } from '../adapters/mikro-orm/mikro-orm-campaign-repository.ts';
import { MikroOrmCouponRepository } from '../adapters/mikro-orm/mikro-orm-coupon-repository.ts';
import { MikroOrmDependencyProbe } from '../adapters/mikro-orm/mikro-orm-dependency-probe.ts';
import { MikroOrmFailedEventStore } from '../adapters/mikro-orm/mikro-orm-failed-event-store.ts';
import { MikroOrmIncarnations } from '../adapters/mikro-orm/mikro-orm-incarnations.ts';
import { MikroOrmIssuanceRecords } from '../adapters/mikro-orm/mikro-orm-issuance-records.ts';
import { MikroOrmLeadership } from '../adapters/mikro-orm/mikro-orm-leadership.ts';
import { MikroOrmReconciliationReports } from '../adapters/mikro-orm/mikro-orm-reconciliation-reports.ts';
import { MikroOrmRecordedHoldings } from '../adapters/mikro-orm/mikro-orm-recorded-holdings.ts';
import { MikroOrmVoids } from '../adapters/mikro-orm/mikro-orm-voids.ts';
import { makeOrm } from '../adapters/mikro-orm/orm.ts';
import { TOKENS as T } from './tokens.ts';
import { provide, token } from './wiring.ts';

export const ORM = token<MikroORM>('MikroORM');
const DATABASE = token<Database>('Database');

/** The permanent record on MySQL. */
export const mikroOrm = (url: string): ContainerModule =>
  new ContainerModule((to) => {
    provide(to, ORM, [], () => makeOrm(url));
    provide(to, DATABASE, [ORM], (orm) => new Database(orm));
    provide(to, T.campaignRepository, [DATABASE], (database) => new MikroOrmCampaignRepository(database));
    provide(to, T.campaignChanges, [DATABASE], (database) => new MikroOrmCampaignRepository(database));
    provide(
      to,
      T.couponRepository,
      [DATABASE, T.clock],
      (database, clock) => new MikroOrmCouponRepository(database, clock),
    );
    provide(
      to,
      T.failedEventStore,
      [DATABASE, T.clock],
      (database, clock) => new MikroOrmFailedEventStore(database, clock),
    );
    provide(to, T.voids, [DATABASE], (database) => new MikroOrmVoids(database));
    provide(to, T.issuanceRecords, [DATABASE], (database) => new MikroOrmIssuanceRecords(database));
    provide(to, T.recordedHoldings, [DATABASE], (database) => new MikroOrmRecordedHoldings(database));
    provide(
      to,
      T.reconciliationReports,
      [DATABASE, T.clock],
      (database, clock) => new MikroOrmReconciliationReports(database, clock),
    );
    provide(to, T.incarnations, [DATABASE], (database) => new MikroOrmIncarnations(database));
    provide(to, T.leadership, [ORM], (orm) => new MikroOrmLeadership(orm));
    provide(to, T.databaseProbe, [DATABASE], (database) => new MikroOrmDependencyProbe(database));
  });
