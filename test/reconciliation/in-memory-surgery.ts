import type { CampaignShelf } from '../../src/adapters/in-memory/records.ts';
import type { CampaignId } from '../../src/domain/campaign-id.ts';
import type { InMemoryWorld } from '../support/in-memory-world.ts';
import { aFailure, aGrant } from '../support/permanent-record.ts';
import type { Surgery } from './surgery.ts';

export function inMemorySurgery({ store, records, time }: InMemoryWorld): Surgery {
  const open = (id: CampaignId) => {
    const { meta } = store.get(id);
    if (meta === null) throw new Error(`${id} has no meta`);
    return meta;
  };
  const shelfOf = (id: CampaignId): CampaignShelf & { record: NonNullable<CampaignShelf['record']> } =>
    records.campaign(id);
  return {
    async count(id, user, sequence) {
      store.get(id).users.set(user, sequence);
    },
    async uncount(id, user) {
      store.get(id).users.delete(user);
    },
    async addToMeta(id, field, by) {
      const meta = open(id);
      store.put(id, { meta: { ...meta, [field]: meta[field] + by } });
    },
    async loseKey(id, part) {
      store.lose(id, part);
    },
    async addCoupon(campaignId, sequence, userId) {
      const coupon = { campaignId, sequence, userId, issuedAt: time.now() };
      shelfOf(campaignId).couponsBySequence.set(sequence, coupon);
      shelfOf(campaignId).couponsByUser.set(userId, coupon);
    },
    async dropCoupon(id, sequence) {
      const shelf = shelfOf(id);
      const coupon = shelf.couponsBySequence.get(sequence);
      shelf.couponsBySequence.delete(sequence);
      if (coupon !== undefined) shelf.couponsByUser.delete(coupon.userId);
    },
    async addBurnt(id, sequence, userId) {
      const burntAt = time.now();
      shelfOf(id).burnt.set(sequence, { sequence, userId, reason: 'surgery', burntAt, toldAt: burntAt });
    },
    async dropBurnt(id, sequence) {
      shelfOf(id).burnt.delete(sequence);
    },
    async addHeld(id, sequence, userId) {
      const failure = aFailure(aGrant(id, sequence, { userId }));
      const now = time.now();
      const event = {
        ...failure,
        id: `${id}/${sequence}`,
        status: 'open',
        attempts: 0,
        createdAt: now,
        updatedAt: now,
      };
      shelfOf(id).open.add({ event: event as never, nextAttemptAt: null, lease: null, steps: [] });
    },
    async dropHeld(id, sequence) {
      for (const stored of shelfOf(id).open) {
        if (stored.event.grant?.sequence === sequence) shelfOf(id).open.delete(stored);
      }
    },
    async addToCampaign(id, field, by) {
      const shelf = shelfOf(id);
      shelf.record = { ...shelf.record, [field]: shelf.record[field] + by };
    },
  };
}
