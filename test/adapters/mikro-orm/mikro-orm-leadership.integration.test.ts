import { once } from 'node:events';
import { expect, it } from 'vitest';
import { MikroOrmLeadership } from '../../../src/adapters/mikro-orm/mikro-orm-leadership.ts';
import { makeOrm } from '../../../src/adapters/mikro-orm/orm.ts';
import { eventually } from '../../support/eventually.ts';
import { freezableProxy } from '../../support/freezable-proxy.ts';
import { useMysqlDatabase } from '../../support/mysql-database.ts';
import { describeWithServices } from '../../support/services.ts';

describeWithServices('MikroOrmLeadership', () => {
  const database = useMysqlDatabase();

  const holder = async (): Promise<number> => {
    const [row] = await database().run<[{ id: number }]>(
      "select is_used_lock(sha2(concat('leader of ', database()), 256)) as id",
    );
    return row.id;
  };

  it("hands the lead over at once when the holder's connection is killed", async () => {
    const [one, other] = [new MikroOrmLeadership(database().orm), new MikroOrmLeadership(database().orm)];
    expect(await one.hold()).toBe(true);
    await database().run(`kill ${await holder()}`);
    await eventually(async () => expect(await other.hold()).toBe(true), 2_000);
    expect(await one.hold()).toBe(false);
    expect(await one.hold()).toBe(false);
    await Promise.all([one.release(), other.release()]);
  });

  it('says that a lead was lost before it tries for it again', async () => {
    const leadership = new MikroOrmLeadership(database().orm);
    await leadership.hold();
    await database().run(`kill ${await holder()}`);
    expect(await leadership.hold()).toBe(false);
    await eventually(async () => expect(await leadership.hold()).toBe(true));
    await leadership.release();
  });

  it('asks the server now and then while nobody asks it, so that its session is not ended', async () => {
    const leadership = new MikroOrmLeadership(database().orm);
    await leadership.hold();
    const id = await holder();
    const questions = async (): Promise<number> => {
      const [row] = await database().run<[{ asked: string }]>(
        `select variable_value as asked from performance_schema.status_by_thread s
         join performance_schema.threads t using (thread_id)
         where t.processlist_id = ? and s.variable_name = 'Questions'`,
        [id],
      );
      return Number(row.asked);
    };
    const before = await questions();
    await eventually(async () => expect(await questions()).toBeGreaterThan(before), 4_000);
    await leadership.release();
  });

  it('lets the server end the session of a leader that has fallen silent within ten seconds', async () => {
    const leadership = new MikroOrmLeadership(database().orm);
    await leadership.hold();
    const [row] = await database().run<[{ seconds: string }]>(
      `select variable_value as seconds from performance_schema.variables_by_thread v
       join performance_schema.threads t using (thread_id)
       where t.processlist_id = ? and v.variable_name = 'wait_timeout'`,
      [await holder()],
    );
    expect(Number(row.seconds)).toBeLessThan(10);
    await leadership.release();
  });

  it('says that a lead is lost where a question waits behind another one that is never answered', async () => {
    const proxy = await freezableProxy(new URL(database().url), 3306);
    const url = new URL(database().url);
    url.port = String(proxy.port);
    const orm = makeOrm(String(url));
    const leadership = new MikroOrmLeadership(orm);
    expect(await leadership.hold()).toBe(true);
    proxy.freeze();
    const sent = proxy.sent;
    await eventually(() => expect(proxy.sent).toBeGreaterThan(sent), 4_000);
    // The leadership has asked by itself, and nothing answers.
    const answer = await Promise.race([leadership.hold(), once(AbortSignal.timeout(5_000), 'abort')]);
    expect(answer).toBe(false);
    await proxy.close();
    await orm.close(true);
  });

  it('leads nothing, and rejects nothing, where no server is', async () => {
    const orm = makeOrm('mysql://root@127.0.0.1:1/nowhere');
    const leadership = new MikroOrmLeadership(orm);
    expect(await leadership.hold()).toBe(false);
    await leadership.release();
    await orm.close();
  });
});
