import { describe, expect, it } from 'vitest';
import type { Grant } from '../../../src/domain/grant.ts';
import { isOutage, Unavailable } from '../../../src/domain/outage.ts';
import { parseUserId } from '../../../src/domain/user-id.ts';
import { reissue } from '../../contracts/failed-event-store.subject.ts';
import { holdersOf } from '../../support/holders-of.ts';
import { mysqlRecord, useMysqlDatabase } from '../../support/mysql-database.ts';
import { aFailure, aGrant, newCampaign, type PermanentRecord } from '../../support/permanent-record.ts';
import { describeWithServices } from '../../support/services.ts';
import { untilAnswered } from '../../support/until-answered.ts';

const grants = (record: { readonly id: Grant['campaignId'] }, count: number): Grant[] =>
  Array.from({ length: count }, (_, index) => aGrant(record.id, index + 1));

describeWithServices('MikroOrmCouponRepository', () => {
  const mysql = useMysqlDatabase();

  it('issues from many callers at once whose batches overlap and are not in order', async () => {
    const record = mysqlRecord(mysql());
    const campaigns = [await newCampaign(record), await newCampaign(record)];
    const all = campaigns.flatMap((campaign) => grants(campaign, 150));
    const batches = Array.from({ length: 20 }, (_, turn) =>
      all.filter((_grant, index) => (index * 7 + turn) % 3 > 0).toSorted((a, b) => (a.userId < b.userId ? -1 : 1)),
    );
    const outcomes = await Promise.all(batches.map((batch) => untilAnswered(() => record.coupons.issue(batch))));
    const kinds = outcomes.flat().map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'issued')).toHaveLength(300);
    expect(kinds.filter((kind) => kind === 'failed')).toEqual([]);
  });

  describe('where the server refuses the data of a row', () => {
    it('rejects that row with its message and makes coupons of its neighbours', async () => {
      const record = mysqlRecord(mysql());
      const { id } = await newCampaign(record);
      const batch = grants({ id }, 40);
      const bad = [3, 17, 18, 39];
      await refuse(batch.filter((_, index) => bad.includes(index)));
      const outcomes = await record.coupons.issue(batch);
      for (const [index, outcome] of outcomes.entries()) {
        const expected = bad.includes(index)
          ? { kind: 'failed', reason: 'rejected', detail: expect.stringContaining('refused') }
          : { kind: 'issued' };
        expect(outcome).toEqual(expected);
      }
      const account = await record.issuance.account(id, { epoch: 1, counter: 40, pending: [] });
      expect(account.issued).toBe(36);
    });

    it('leaves a failed event open that it still refuses, and reissues it once it does not', async () => {
      const record = mysqlRecord(mysql());
      const grant = aGrant((await newCampaign(record)).id, 1);
      const allow = await refuse([grant]);
      await record.failedEvents.keep([aFailure(grant)]);
      const event = await openEvent(record, grant);
      const { id } = event;
      expect(await reissue(record, event)).toMatchObject({ kind: 'still-failing' });
      expect(await record.failedEvents.find(id)).toMatchObject({ attempts: 1, status: 'open', holdsSlot: true });
      await allow();
      expect(await reissue(record, event)).toEqual({ kind: 'reissued' });
    });
  });

  it('takes an error that nobody has thought of as an outage, and issues nothing', async () => {
    const record = mysqlRecord(mysql());
    const batch = grants(await newCampaign(record), 5);
    const allow = await refuse(batch.slice(3, 4), 4_999);
    await expect(record.coupons.issue(batch)).rejects.toThrow(Unavailable);
    await allow();
    expect((await record.coupons.issue(batch)).every(({ kind }) => kind === 'issued')).toBe(true);
  });

  it('takes a duplicate key that no look-up explains as an outage', async () => {
    const record = mysqlRecord(mysql());
    const grant = aGrant((await newCampaign(record)).id, 1);
    const allow = await refuse([grant], 1_062);
    await expect(record.coupons.issue([grant])).rejects.toSatisfy(isOutage);
    await allow();
    expect(await record.coupons.issue([grant])).toEqual([{ kind: 'issued' }]);
  });

  it('takes user ids of 64 bits in and out exactly', async () => {
    const record = mysqlRecord(mysql());
    const { id } = await newCampaign(record);
    const users = ['9007199254740993', '9223372036854775807'];
    await record.coupons.issue(users.map((user, index) => aGrant(id, index + 1, { userId: parseUserId(user) })));
    const rows = await mysql().run(
      'select cast(user_id as char) as user from coupons where campaign_id = ? order by 1',
      [id],
    );
    expect(rows).toEqual(users.map((user) => ({ user })));
    const snapshot = await record.issuance.snapshot(id, 1, 0);
    expect((await holdersOf(snapshot)).map(({ userId }) => userId)).toEqual(users);
  });

  /** Answers how to allow them again. */
  async function refuse(refused: readonly Grant[], errorNumber = 1_644): Promise<() => Promise<void>> {
    const name = `refuse_${refused[0]?.userId}`;
    await mysql().run(
      `create trigger ${name} before insert on coupons for each row begin
         if new.user_id in (${refused.map(({ userId }) => userId).join()}) then
           signal sqlstate '45000' set message_text = 'refused by a rule', mysql_errno = ${errorNumber};
         end if;
       end`,
    );
    return () => mysql().run(`drop trigger ${name}`);
  }
});

async function openEvent(record: PermanentRecord, grant: Grant) {
  const filter = { campaignId: grant.campaignId, status: 'open' as const };
  const [event] = (await record.failedEvents.page(filter, { limit: 1, cursor: null })).items;
  if (event === undefined) throw new Error('the failed event is not kept');
  return event;
}
