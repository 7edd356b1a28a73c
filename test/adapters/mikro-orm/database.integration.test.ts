import { describe, expect, it } from 'vitest';
import { Database } from '../../../src/adapters/mikro-orm/database.ts';
import { makeOrm } from '../../../src/adapters/mikro-orm/orm.ts';
import { OutcomeUnknown, Unavailable } from '../../../src/domain/outage.ts';
import { eventually } from '../../support/eventually.ts';
import { freezableProxy } from '../../support/freezable-proxy.ts';
import { useMysqlDatabase } from '../../support/mysql-database.ts';
import { describeWithServices, services } from '../../support/services.ts';

describeWithServices('Database', () => {
  const mysql = useMysqlDatabase();
  const database = () => mysql().database;
  const incarnation = async (): Promise<number> => {
    const [row] = await mysql().run<[{ incarnation: number }]>('select incarnation from installation');
    return row.incarnation;
  };
  const RAISE = 'update installation set incarnation = incarnation + 1';

  it('runs on MySQL, not on a relative of it', async () => {
    const [row] = await mysql().run<[{ version: string }]>('select version() as version');
    expect(row.version).toMatch(/^(8|9)\.\d/);
    expect(row.version).not.toMatch(/maria/i);
  });

  it('commits what a transaction did, and rolls all of it back where it throws, whose error passes untouched', async () => {
    const before = await incarnation();
    await database().transaction((em) => em.execute(RAISE));
    expect(await incarnation()).toBe(before + 1);
    const bug = new TypeError('a bug');
    const broken = database().transaction(async (em) => {
      await em.execute(RAISE);
      throw bug;
    });
    await expect(broken).rejects.toBe(bug);
    expect(await incarnation()).toBe(before + 1);
  });

  it('sees what others committed meanwhile: its transactions are READ COMMITTED', async () => {
    await database().transaction(async (em) => {
      const read = async () => (await em.execute<[{ n: number }]>('select incarnation as n from installation'))[0].n;
      const before = await read();
      await mysql().run(RAISE);
      expect(await read()).toBe(before + 1);
    });
  });

  it('calls an error of the server an outage, with the cause', async () => {
    const error = await database()
      .read((em) => em.execute('select nonsense from nowhere'))
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(Unavailable);
    expect(error).toMatchObject({ dependency: 'database', cause: { errno: 1146 } });
  });

  it('does not know the outcome where the commit was not confirmed', async () => {
    const lost = database().transaction(async (em) => {
      const [row] = await em.execute<[{ id: number }]>('select connection_id() as id');
      await mysql().run(`kill ${row.id}`);
    });
    await expect(lost).rejects.toThrow(OutcomeUnknown);
  });

  describe('within a deadline', () => {
    it('lets nothing wait longer, and ends what was waiting on the server too', async () => {
      const asked = performance.now();
      await expect(database().read((em) => em.execute('select sleep(30)'), 200)).rejects.toThrow(Unavailable);
      expect(performance.now() - asked).toBeLessThan(2_000);
      await eventually(async () => {
        const sleeping =
          "select 1 from performance_schema.processlist where info like 'select sleep(30)%' and db = database()";
        expect(await mysql().run(sleeping)).toEqual([]);
      });
    });

    it('leaves no lock behind where a transaction waited for another too long', async () => {
      const holding = Promise.withResolvers<void>();
      const locked = Promise.withResolvers<void>();
      const holder = database().transaction(async (em) => {
        await em.execute(RAISE);
        locked.resolve();
        await holding.promise;
      });
      await locked.promise;
      await expect(database().transaction((em) => em.execute(RAISE), 200)).rejects.toThrow(Unavailable);
      holding.resolve();
      await holder;
      await database().transaction((em) => em.execute(RAISE), 1_000);
    });

    it('leaves no transaction open where the deadline passes between two statements', async () => {
      const before = await incarnation();
      const slow = database().transaction(async (em) => {
        await em.execute(RAISE);
        await eventually(async () => await em.execute('do 1').then(() => expect.fail('the deadline is to come')), 300);
      }, 150);
      await expect(slow).rejects.toThrow();
      expect(await incarnation()).toBe(before);
      await database().transaction((em) => em.execute(RAISE), 1_000);
    });

    it('lets a question wait no longer for a connection that a frozen server does not complete', async () => {
      const url = new URL(mysql().url);
      const proxy = await freezableProxy(new URL(services().mysqlUrl), 3306);
      url.port = String(proxy.port);
      proxy.freeze();
      const orm = makeOrm(String(url));
      const frozen = new Database(orm);
      const asked = performance.now();
      await expect(frozen.read((em) => em.execute('do 1'), 200)).rejects.toThrow(Unavailable);
      // The driver itself gives a connection up after 2 s.
      expect(performance.now() - asked).toBeLessThan(1_500);
      await proxy.close();
      await orm.close().catch(() => undefined);
    });

    it('lets nobody wait for ever for a frozen server', async () => {
      const url = new URL(mysql().url);
      const proxy = await freezableProxy(new URL(services().mysqlUrl), 3306);
      url.port = String(proxy.port);
      const orm = makeOrm(String(url));
      await orm.connect();
      const frozen = new Database(orm);
      await frozen.read((em) => em.execute('do 1'));
      proxy.freeze();
      const asked = performance.now();
      const answers = await Promise.allSettled([
        frozen.read((em) => em.execute('do 1'), 300),
        frozen.transaction((em) => em.execute('do 1'), 300),
        ...Array.from({ length: 12 }, () => frozen.transaction((em) => em.execute('do 1'), 300)),
      ]);
      expect(performance.now() - asked).toBeLessThan(3_000);
      for (const answer of answers)
        expect(answer).toMatchObject({ status: 'rejected', reason: expect.any(Unavailable) });
      await proxy.close();
      // Connections that were being made are lost now, and closing says so.
      await orm.close().catch(() => undefined);
    });
  });
});
