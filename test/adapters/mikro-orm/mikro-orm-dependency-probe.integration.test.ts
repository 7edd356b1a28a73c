import { expect, it } from 'vitest';
import { Database } from '../../../src/adapters/mikro-orm/database.ts';
import { MikroOrmDependencyProbe } from '../../../src/adapters/mikro-orm/mikro-orm-dependency-probe.ts';
import { MIGRATIONS, makeOrm, migrate } from '../../../src/adapters/mikro-orm/orm.ts';
import { useMysqlDatabase } from '../../support/mysql-database.ts';
import { describeWithServices } from '../../support/services.ts';

describeWithServices('MikroOrmDependencyProbe', () => {
  const mysql = useMysqlDatabase();

  it('is ready where every migration has run, and running them again does nothing', async () => {
    const probe = new MikroOrmDependencyProbe(mysql().database);
    expect(await probe.check()).toEqual({ status: 'ready' });
    expect(await migrate(mysql().orm)).toEqual([]);
  });

  it('says in one line what to do where migrations are missing, and runs none', async () => {
    const probe = new MikroOrmDependencyProbe(mysql().database);
    const missing = { status: 'unavailable', detail: 'migrations are missing: run npm run migrate' };
    await mysql().run('rename table migrations to put_aside');
    expect(await probe.check()).toEqual(missing);
    await mysql().run('create table migrations like put_aside');
    expect(await probe.check()).toEqual(missing);
    // A migration that broke off half-way is run again.
    expect(await migrate(mysql().orm)).toEqual(MIGRATIONS.map(({ name }) => name));
    expect(await probe.check()).toEqual({ status: 'ready' });
  });

  it('is unavailable where no server is', async () => {
    const orm = makeOrm('mysql://root@127.0.0.1:1/nowhere');
    const state = await new MikroOrmDependencyProbe(new Database(orm)).check();
    expect(state).toMatchObject({ status: 'unavailable', detail: expect.stringContaining('could not be asked') });
    await orm.close();
  });
});
