import type { Redis } from 'ioredis';
import { counterKeys } from '../../src/adapters/redis/counter-keys.ts';
import type { FailedEventStore } from '../../src/domain/ports/failed-event-store.ts';
import type { MysqlDatabase } from '../support/mysql-database.ts';
import { aFailure, aGrant } from '../support/permanent-record.ts';
import type { CampaignField, Surgery } from './surgery.ts';

const COLUMNS: Readonly<Record<CampaignField, string>> = {
  limit: 'coupon_limit',
  ceiling: 'ceiling',
  minimumEpoch: 'minimum_epoch',
};

export function realSurgery(redis: Redis, { run }: MysqlDatabase, failedEvents: FailedEventStore): Surgery {
  return {
    async count(id, user, sequence) {
      await redis.hset(counterKeys(id)[1], user, sequence);
    },
    async uncount(id, user) {
      await redis.hdel(counterKeys(id)[1], user);
    },
    async addToMeta(id, field, by) {
      await redis.hincrby(counterKeys(id)[0], field, by);
    },
    async loseKey(id, part) {
      const [meta, users] = counterKeys(id);
      await redis.del(part === 'meta' ? meta : users);
    },
    async addCoupon(id, sequence, user) {
      const columns = 'campaign_id, sequence, user_id, issued_at';
      await run(`insert into coupons (${columns}) values (?, ?, ?, utc_timestamp(3))`, [id, sequence, user]);
    },
    async dropCoupon(id, sequence) {
      await run('delete from coupons where campaign_id = ? and sequence = ?', [id, sequence]);
    },
    async addBurnt(id, sequence, user) {
      const columns = 'campaign_id, sequence, user_id, reason, burnt_at, told_at';
      const values = "?, ?, ?, 'surgery', utc_timestamp(3), utc_timestamp(3)";
      await run(`insert into burnt_sequences (${columns}) values (${values})`, [id, sequence, user]);
    },
    async dropBurnt(id, sequence) {
      await run('delete from burnt_sequences where campaign_id = ? and sequence = ?', [id, sequence]);
    },
    async addHeld(id, sequence, userId) {
      await failedEvents.keep([aFailure(aGrant(id, sequence, { userId }))]);
    },
    async dropHeld(id, sequence) {
      await run('update failed_events set holds_slot = false where campaign_id = ? and slot_sequence = ?', [
        id,
        sequence,
      ]);
    },
    async addToCampaign(id, field, by) {
      const column = COLUMNS[field];
      await run(`update campaigns set ${column} = ${column} + ? where id = ?`, [by, id]);
    },
  };
}
