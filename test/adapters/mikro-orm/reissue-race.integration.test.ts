import type { MikroORM } from '@mikro-orm/mysql';
import { afterEach, expect, it } from 'vitest';
import { Database } from '../../../src/adapters/mikro-orm/database.ts';
import { MikroOrmFailedEventStore } from '../../../src/adapters/mikro-orm/mikro-orm-failed-event-store.ts';
import { makeOrm } from '../../../src/adapters/mikro-orm/orm.ts';
import { countAttempt } from '../../../src/adapters/mikro-orm/reissue-event.ts';
import { ReissueFailedEvents } from '../../../src/application/reissue-failed-events.ts';
import type { CampaignId } from '../../../src/domain/campaign-id.ts';
import { aHeldEvent, leased } from '../../contracts/failed-event-store.subject.ts';
import { Calls } from '../../support/calls.ts';
import { startProcess } from '../../support/in-memory-process.ts';
import { InMemoryWorld } from '../../support/in-memory-world.ts';
import { mysqlRecord, useMysqlDatabase } from '../../support/mysql-database.ts';
import { aFailure, aGrant, newCampaign } from '../../support/permanent-record.ts';
import { describeWithServices } from '../../support/services.ts';

const SOUND = 150;
const REFUSED = 20;
const LEASE_MS = 30_000;

describeWithServices('four workers that race for failed events', () => {
  const mysql = useMysqlDatabase();
  const orms: MikroORM[] = [];
  afterEach(async () => {
    for (const orm of orms.splice(0)) await orm.close();
  });

  /** Each has connections and a name of its own, as processes have. */
  function aWorker(world: InMemoryWorld) {
    const orm = makeOrm(mysql().url);
    orms.push(orm);
    const { counter, counters, publisher } = startProcess(world);
    const calls = new Calls();
    const store = calls.on('failedEvents', new MikroOrmFailedEventStore(new Database(orm), world.time));
    return { calls, work: new ReissueFailedEvents(store, counter, counters, publisher, world.time, world.time) };
  }

  /** How often each event was reissued and refused, and how many attempts it counts. */
  async function stepsOf(id: CampaignId) {
    const rows = await mysql().run<{ status: string; attempts: number; reissued: number; refused: number }[]>(
      `select e.status, e.attempts, cast(sum(s.step = 'reissued') as signed) as reissued,
         cast(sum(s.step = 'refused') as signed) as refused
       from failed_events e join failed_event_steps s on s.failed_event_id = e.id
       where e.campaign_id = ? group by e.id, e.status, e.attempts order by e.id`,
      [id],
    );
    const times = (status: string) => {
      const own = rows.filter((row) => row.status === status);
      const distinct = new Set(own.map(({ attempts, reissued, refused }) => `${attempts} ${reissued} ${refused}`));
      return { count: own.length, attemptsReissuedRefused: [...distinct] };
    };
    return { reissued: times('reissued'), open: times('open') };
  }

  it('reissue each of them once, though one is killed with a hundred of them in its hands', {
    timeout: 60_000,
  }, async () => {
    const record = mysqlRecord(mysql());
    const { id } = await newCampaign(record, SOUND);
    const grants = Array.from({ length: SOUND + REFUSED }, (_, index) => aGrant(id, index + 1));
    for (let from = 0; from < grants.length; from += 50) {
      await record.failedEvents.keep(grants.slice(from, from + 50).map((grant) => aFailure(grant)));
    }
    const world = new InMemoryWorld();
    const workers = [aWorker(world), aWorker(world), aWorker(world)];
    const killed = aWorker(world);
    const death = killed.calls.stopAfter('failedEvents.lease');
    const dying = killed.work.due();
    await death.reached;
    await Promise.all(workers.map(({ work }) => work.due()));
    const before = await stepsOf(id);
    expect(before.reissued.count + before.open.count).toBe(SOUND + REFUSED);
    expect(before.reissued).toEqual({ count: SOUND - 100, attemptsReissuedRefused: ['0 1 0'] });

    world.time.advance(LEASE_MS);
    await Promise.all(workers.map(({ work }) => work.due()));
    const after = await stepsOf(id);
    expect(after.reissued).toEqual({ count: SOUND, attemptsReissuedRefused: ['0 1 0'] });
    expect(after.open).toEqual({ count: REFUSED, attemptsReissuedRefused: ['2 0 2'] });

    // It was not dead, only frozen: what it holds in its hands was done by others.
    death.goOn();
    await dying;
    expect(await stepsOf(id)).toEqual(after);
    const [{ coupons }] = await mysql().run<[{ coupons: number }]>(
      'select count(*) as coupons from coupons where campaign_id = ?',
      [id],
    );
    expect(coupons).toBe(SOUND);
  });

  it('do not wait for an event that one of them is closing at this moment', async () => {
    const record = mysqlRecord(mysql());
    const { id: campaignId } = await newCampaign(record);
    await record.failedEvents.keep([1, 2, 3].map((sequence) => aFailure(aGrant(campaignId, sequence))));
    const { now } = record.clock;
    const lease = (owner: string) =>
      record.failedEvents.lease({ owner, now: now(), until: now() + 1, most: 9, campaignId, which: 'due' });
    const [first, ...others] = await lease('one');
    await mysql().database.transaction(async (em) => {
      await em.execute('select 1 from failed_events where id = ? for update', [first?.id ?? '']);
      expect((await lease('one')).map(({ id }) => id)).toEqual(others.map(({ id }) => id));
    });
  });

  it('count no attempt of one who was refused by the data, and has lost the lease since', async () => {
    const record = mysqlRecord(mysql());
    const event = await aHeldEvent(record);
    const [id] = await leased(record, event);
    const now = record.clock.now();
    const attempt = { id, owner: 'somebody slow', now, retryAt: now, by: 'leader' } as const;
    const refused = { reason: 'rejected', detail: 'refused by a rule' } as const;
    const outcome = await mysql().database.transaction((em) => countAttempt(em, attempt, refused));
    expect(outcome).toEqual({ kind: 'lease-lost' });
    expect(await record.failedEvents.find(id)).toMatchObject({ status: 'open', attempts: 0 });
  });
});
