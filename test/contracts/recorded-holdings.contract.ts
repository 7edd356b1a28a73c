import { describe, expect, it } from 'vitest';
import type { CampaignId } from '../../src/domain/campaign-id.ts';
import type { RecordedHolding } from '../../src/domain/sequence-comparison.ts';
import type { UserId } from '../../src/domain/user-id.ts';
import { aFailure, aGrant, newCampaign, type PermanentRecord } from '../support/permanent-record.ts';
import { randomCampaignId } from '../support/random.ts';

const COUPONS = 6_000;

export function recordedHoldingsContract(name: string, make: () => Promise<PermanentRecord>): void {
  const readAll = async ({ holdings }: PermanentRecord, id: CampaignId) => {
    const all: RecordedHolding[] = [];
    const campaign = await holdings.read(id, (page) => void all.push(...page));
    return { campaign, all: all.toSorted((a, b) => a.sequence - b.sequence) };
  };

  describe(`${name} as RecordedHoldings`, () => {
    it('hands over every coupon, every failed event that holds a slot, and every burnt sequence, and answers the campaign', async () => {
      const record = await make();
      const { id } = await newCampaign(record, 10);
      const [coupon, held, untold] = [aGrant(id, 1), aGrant(id, 2), aGrant(id, 3)];
      const large = aGrant(id, 6, { userId: '9223372036854775807' as UserId });
      await record.coupons.issue([coupon, large, aGrant((await newCampaign(record)).id, 7)]);
      await record.failedEvents.keep([aFailure(held), aFailure(aGrant(id, 8), { holdsSlot: false })]);
      await record.burn(id, 3, untold.userId);
      await record.issuance.snapshot(id, 1, record.clock.now());
      const { campaign, all } = await readAll(record, id);
      expect(campaign).toEqual(await record.campaigns.find(id));
      expect(all).toEqual([
        { place: 'coupon', sequence: 1, userId: coupon.userId, isUntold: false },
        { place: 'failed-event', sequence: 2, userId: held.userId, isUntold: false },
        { place: 'burnt', sequence: 3, userId: untold.userId, isUntold: true },
        { place: 'burnt', sequence: 4, userId: null, isUntold: false },
        { place: 'burnt', sequence: 5, userId: null, isUntold: false },
        { place: 'coupon', sequence: 6, userId: large.userId, isUntold: false },
      ]);
    });

    it('gives a void as untold until the counter was told of it', async () => {
      const record = await make();
      const { id } = await newCampaign(record, 10);
      const { userId } = aGrant(id, 1);
      await record.burn(id, 1, userId);
      const untold = { place: 'burnt', sequence: 1, userId, isUntold: true };
      expect((await readAll(record, id)).all).toEqual([untold]);
      await record.voids.markTold({ campaignId: id, userId, sequence: 1 }, record.clock.now());
      expect((await readAll(record, id)).all).toEqual([{ ...untold, isUntold: false }]);
    });

    it('hands over pages that neither skip nor repeat', async () => {
      const record = await make();
      const { id } = await newCampaign(record, COUPONS);
      const grants = Array.from({ length: COUPONS }, (_, index) => aGrant(id, index + 1));
      for (let from = 0; from < COUPONS; from += 1_000) {
        await record.coupons.issue(grants.slice(from, from + 1_000));
      }
      const { all } = await readAll(record, id);
      expect(all.map(({ sequence }) => sequence)).toEqual(grants.map(({ sequence }) => sequence));
    });

    it('sees what is issued or voided meanwhile wholly or not at all', async () => {
      const record = await make();
      const { id } = await newCampaign(record, 400);
      const grants = Array.from({ length: 40 }, (_, index) => aGrant(id, index + 1));
      await record.failedEvents.keep(grants.map((grant) => aFailure(grant)));
      const { items } = await record.failedEvents.page(
        { campaignId: id, status: 'open' },
        { limit: 100, cursor: null },
      );
      const turning = items.map(async ({ id: event }) => {
        const now = record.clock.now();
        await record.failedEvents.leaseOne(event, 'tester', now, now + 60_000);
        await record.failedEvents.reissue(event, 'tester', now, now, 'leader');
      });
      for (const turned of turning) {
        const { all } = await readAll(record, id);
        expect(all.map(({ sequence, userId }) => [sequence, userId])).toEqual(
          grants.map(({ sequence, userId }) => [sequence, userId]),
        );
        await turned;
      }
      expect((await readAll(record, id)).all.every(({ place }) => place === 'coupon')).toBe(true);
    });

    it('answers null for what is no campaign, and hands over nothing', async () => {
      const record = await make();
      expect(await readAll(record, randomCampaignId())).toEqual({ campaign: null, all: [] });
    });
  });
}
