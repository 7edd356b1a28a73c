import { expect, it } from 'vitest';
import { truthByMySql } from '../../scripts/load/truth.ts';
import { eventually } from '../support/eventually.ts';
import { useMysqlDatabase } from '../support/mysql-database.ts';
import { randomCampaignId } from '../support/random.ts';
import { describeWithServices } from '../support/services.ts';

describeWithServices('on MySQL', () => {
  const database = useMysqlDatabase();
  const MOST = '9223372036854775807';

  const addCoupon = (campaignId: string, sequence: number, user: string) =>
    database().run('insert into coupons (campaign_id, sequence, user_id, issued_at) values (?, ?, ?, now(3))', [
      campaignId,
      sequence,
      user,
    ]);

  const addFailure = (campaignId: string, sequence: number, user: string, holdsSlot: boolean, status: string) =>
    database().run(
      `insert into failed_events (digest, topic, topic_partition, topic_offset, reason, detail, campaign_id, user_id,
       sequence, epoch, raw_headers, raw_length, holds_slot, status, attempts, created_at, updated_at)
     values (uuid(), 't', 0, 0, 'rejected', '', ?, ?, ?, 1, '', 8, ?, ?, 1, now(3), now(3))`,
      [campaignId, user, sequence, holdsSlot, status],
    );

  const addBurnt = (campaignId: string, sequence: number, user: string | null) =>
    database().run(
      "insert into burnt_sequences (campaign_id, sequence, user_id, reason, burnt_at) values (?, ?, ?, 'r', now(3))",
      [campaignId, sequence, user],
    );

  it('reads from the tables what became of every user', async () => {
    const id = randomCampaignId();
    await addCoupon(id, 1, MOST);
    await addCoupon(randomCampaignId(), 1, '77');
    await addFailure(id, 2, '2', true, 'open');
    await addFailure(id, 3, '3', false, 'open');
    await addFailure(id, 4, '4', true, 'void');
    await addBurnt(id, 4, '4');
    await addBurnt(id, 5, null);
    await addFailure(id, 6, '6', true, 'reissued');
    await addCoupon(id, 6, '6');
    const truth = await truthByMySql({ url: database().url, campaignId: id, promised: [], limit: 9, within: 0 });
    expect(truth).toMatchObject({ limit: 9, burnt: 2, coupons: 2 });
    expect(Object.fromEntries(truth.users)).toEqual({
      [MOST]: { state: 'coupon', sequence: 1 },
      2: { state: 'failed-event', sequence: 2 },
      3: { state: 'failed-event', sequence: null },
      4: { state: 'void', sequence: 4 },
      6: { state: 'coupon', sequence: 6 },
    });
  });

  it('waits for those who were promised a coupon, and no longer than it may', async () => {
    const id = randomCampaignId();
    const question = { url: database().url, campaignId: id, promised: ['1'], limit: null };
    expect((await truthByMySql({ ...question, within: 300 })).users.size).toBe(0);
    const learning = truthByMySql({ ...question, within: 20_000 });
    await eventually(() => addCoupon(id, 1, '1'));
    expect((await learning).users.get('1')).toEqual({ state: 'coupon', sequence: 1 });
  });
});
