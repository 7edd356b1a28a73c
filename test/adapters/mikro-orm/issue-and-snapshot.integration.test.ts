import { expect, it } from 'vitest';
import type { CampaignId } from '../../../src/domain/campaign-id.ts';
import { eventually } from '../../support/eventually.ts';
import { holdersOf } from '../../support/holders-of.ts';
import { mysqlRecord, useMysqlDatabase } from '../../support/mysql-database.ts';
import { aFailure, aGrant, newCampaign } from '../../support/permanent-record.ts';
import { describeWithServices } from '../../support/services.ts';

/** What random schedules hardly ever reach: something comes between reading the epoch and the insert. */
describeWithServices('Issuing while a rebuild takes its snapshot', () => {
  const mysql = useMysqlDatabase();

  it('makes the snapshot wait for a coupon whose epoch was read before, and then has it', async () => {
    const record = mysqlRecord(mysql());
    const { id } = await newCampaign(record);
    const grant = aGrant(id, 1);
    const stalled = await stall(`insert into coupons values ('${id}', 1, 1, now(3))`);

    const issuing = record.coupons.issue([grant]);
    await waitingFor('coupons', 1);
    const epoch = await raiseEpochAside(id);
    const taking = record.issuance.snapshot(id, epoch, 0);
    await waitingFor('campaigns', 1);

    await stalled.undo();
    expect(await issuing).toEqual([{ kind: 'issued' }]);
    expect(await holdersOf(await taking)).toEqual([{ userId: grant.userId, sequence: 1, voided: false }]);
  });

  it('reads the epoch only after a snapshot that is under way, and then comes too late', async () => {
    const record = mysqlRecord(mysql());
    const { id } = await newCampaign(record);
    const snapshot = await stall(`update campaigns set epoch = 2, minimum_epoch = 2 where id = '${id}'`);
    const issuing = record.coupons.issue([aGrant(id, 1), aGrant(id, 2, { epoch: 2 })]);
    await waitingFor('campaigns', 1);
    await snapshot.commit();
    expect(await issuing).toMatchObject([{ kind: 'failed', reason: 'late-epoch' }, { kind: 'issued' }]);
  });

  it('sees what a snapshot or a keeping under way has written besides the campaign', async () => {
    const record = mysqlRecord(mysql());
    const { id } = await newCampaign(record);
    const held = aGrant(id, 2);
    const snapshot = await stall(
      `update campaigns set ceiling = ceiling + 1 where id = '${id}'`,
      `insert into burnt_sequences (campaign_id, sequence, reason, burnt_at) values ('${id}', 1, 'unused', now(3))`,
      `insert into failed_events (digest, topic, topic_partition, topic_offset, reason, detail, campaign_id, user_id, sequence,
         epoch, granted_at, raw_headers, raw_length, holds_slot, status, attempts, created_at, updated_at)
       values ('d-${id}', 't', 0, 0, 'rejected', '', '${id}', ${held.userId}, 2, 1, 0, '[]', 0, true, 'open', 0, now(3), now(3))`,
    );
    const issuing = record.coupons.issue([aGrant(id, 1), held, aGrant(id, 3)]);
    await waitingFor('campaigns', 1);
    await snapshot.commit();
    expect(await issuing).toMatchObject([
      { kind: 'failed', reason: 'sequence-conflict' },
      { kind: 'already-recorded' },
      { kind: 'issued' },
    ]);
  });

  it('keeps no slot for a failed event that waited for a snapshot', async () => {
    const record = mysqlRecord(mysql());
    const { id } = await newCampaign(record);
    const grant = aGrant(id, 1);
    const snapshot = await stall(`update campaigns set epoch = 2, minimum_epoch = 2 where id = '${id}'`);
    const keeping = record.failedEvents.keep([aFailure(grant)]);
    await waitingFor('campaigns', 1);
    await snapshot.commit();
    await keeping;
    expect(await record.failedEvents.openFailureOf(id, grant.userId)).toMatchObject({ reason: 'late-epoch' });
    expect(await holdersOf(await record.issuance.snapshot(id, 2, 0))).toEqual([]);
  });

  it('does not keep a failed event that waited for its grant to become a coupon', async () => {
    const record = mysqlRecord(mysql());
    const { id } = await newCampaign(record);
    const grant = aGrant(id, 1);
    const issuing = await stall(
      `select 1 from campaigns where id = '${id}' for share`,
      `insert into coupons values ('${id}', 1, ${grant.userId}, now(3))`,
    );
    const keeping = record.failedEvents.keep([aFailure(grant)]);
    await waitingFor('campaigns', 1);
    await issuing.commit();
    await keeping;
    expect(await record.failedEvents.openFailureOf(id, grant.userId)).toBeNull();
  });

  /** A transaction of somebody else that has run these statements and goes on when it is told to. */
  async function stall(...statements: readonly string[]) {
    const begun = Promise.withResolvers<void>();
    const end = Promise.withResolvers<'commit' | 'undo'>();
    const undone = new Error('undone');
    const running = mysql()
      .database.transaction(async (em) => {
        for (const statement of statements) await em.execute(statement);
        begun.resolve();
        if ((await end.promise) === 'undo') throw undone;
      }, 20_000)
      .catch((error: unknown) => {
        begun.reject(error);
        if (error !== undone) throw error;
      });
    await begun.promise;
    const finish = async (how: 'commit' | 'undo') => {
      end.resolve(how);
      await running;
    };
    return { commit: () => finish('commit'), undo: () => finish('undo') };
  }

  const waitingFor = (table: string, sessions: number): Promise<void> =>
    eventually(async () => {
      const waiting = await mysql().run<unknown[]>(
        `select distinct thread_id from performance_schema.data_locks
         where lock_status = 'WAITING' and object_schema = database() and object_name = ?`,
        [table],
      );
      expect(waiting).toHaveLength(sessions);
    }, 4_000);

  /** `raiseEpoch` has to wait like the snapshot does; what is shown here is the snapshot. */
  async function raiseEpochAside(id: CampaignId): Promise<number> {
    const [row] = await mysql().run<[{ epoch: number }]>('select epoch from campaigns where id = ?', [id]);
    return row.epoch;
  }
});
