import { describe, expect, it } from 'vitest';
import type { Holder } from '../../src/domain/counter-standing.ts';
import { aFailure, aGrant, newCampaign, type PermanentRecord } from '../support/permanent-record.ts';
import { randomCampaignId } from '../support/random.ts';
import { untilAnswered } from '../support/until-answered.ts';

const bySequence = (holders: readonly Holder[] = []): Holder[] => holders.toSorted((a, b) => a.sequence - b.sequence);

export function issuanceRecordsContract(name: string, make: () => Promise<PermanentRecord>): void {
  describe(`${name} as IssuanceRecords`, () => {
    it("raises the campaign's epoch by one and answers it", async () => {
      const record = await make();
      const { id, version } = await newCampaign(record);
      expect(await record.issuance.raiseEpoch(id)).toBe(2);
      const raised = await Promise.all([record.issuance.raiseEpoch(id), record.issuance.raiseEpoch(id)]);
      expect(raised.toSorted()).toEqual([3, 4]);
      expect(await record.campaigns.find(id)).toMatchObject({ epoch: 4, minimumEpoch: 1, version });
      await expect(record.issuance.raiseEpoch(randomCampaignId())).rejects.toThrow('not recorded');
    });

    it('sets the minimum epoch and takes a new version in a snapshot', async () => {
      const record = await make();
      const { id, version } = await newCampaign(record, 10);
      const epoch = await record.issuance.raiseEpoch(id);
      const snapshot = await record.issuance.snapshot(id, epoch, 1);
      expect(snapshot).toMatchObject({ highest: 0, holders: [], record: { epoch, minimumEpoch: epoch, ceiling: 10 } });
      expect(snapshot?.record.version).toBe(version + 1);
      expect(await record.campaigns.find(id)).toEqual(snapshot?.record);
    });

    it("answers null where the campaign's epoch is no longer this one, and changes nothing", async () => {
      const record = await make();
      const { id } = await newCampaign(record);
      await record.coupons.issue([aGrant(id, 3)]);
      const epoch = await record.issuance.raiseEpoch(id);
      await record.issuance.raiseEpoch(id);
      const before = await record.campaigns.find(id);
      expect(await record.issuance.snapshot(id, epoch, 1)).toBeNull();
      expect(await record.issuance.snapshot(id, 99, 1)).toBeNull();
      expect(await record.issuance.snapshot(randomCampaignId(), 1, 1)).toBeNull();
      expect(await record.campaigns.find(id)).toEqual(before);
      expect(await record.issuance.account(id, { epoch, counter: 3, pending: [] })).toMatchObject({ burnt: 0 });
    });

    it('has as holders the users of coupons, of failed events that hold a slot, and of voided grants', async () => {
      const record = await make();
      const { id } = await newCampaign(record);
      const [coupon, held, voided] = [aGrant(id, 1), aGrant(id, 2), aGrant(id, 3)];
      await record.coupons.issue([coupon]);
      await record.failedEvents.keep([aFailure(held), aFailure(aGrant(id, 9), { holdsSlot: false })]);
      await record.burn(id, 3, voided.userId);
      const snapshot = await record.issuance.snapshot(id, 1, 1);
      expect(snapshot?.highest).toBe(3);
      expect(bySequence(snapshot?.holders)).toEqual([
        { userId: coupon.userId, sequence: 1, voided: false },
        { userId: held.userId, sequence: 2, voided: false },
        { userId: voided.userId, sequence: 3, voided: true },
      ]);
    });

    it('records the unused sequences below the highest used one as burnt, which raises the ceiling by as many', async () => {
      const record = await make();
      const { id } = await newCampaign(record, 10);
      await record.coupons.issue([aGrant(id, 2), aGrant(id, 6)]);
      await record.failedEvents.keep([aFailure(aGrant(id, 4)), aFailure(aGrant(id, 9), { holdsSlot: false })]);
      const first = await record.issuance.snapshot(id, 1, 1);
      expect(first).toMatchObject({ highest: 6, record: { limit: 10, ceiling: 13 } });
      expect(first?.holders).toHaveLength(3);
      const again = await record.issuance.snapshot(id, 1, 2);
      expect(again).toMatchObject({ highest: 6, record: { limit: 10, ceiling: 13 } });
      expect(bySequence(again?.holders)).toEqual(bySequence(first?.holders));
      expect(await record.issuance.account(id, { epoch: 1, counter: 6, pending: [] })).toEqual({
        issued: 2,
        failed: 2,
        burnt: 3,
        recorded: 6,
      });
    });

    it('takes the counter of a burnt sequence that is the highest as used', async () => {
      const record = await make();
      const { id } = await newCampaign(record, 10);
      const { userId } = aGrant(id, 3);
      await record.burn(id, 3, userId);
      const snapshot = await record.issuance.snapshot(id, 1, 1);
      expect(snapshot).toMatchObject({ highest: 3, record: { ceiling: 13 } });
      expect(snapshot?.holders).toEqual([{ userId, sequence: 3, voided: true }]);
    });

    it('lets no coupon be issued of what a snapshot burnt', async () => {
      const record = await make();
      const { id } = await newCampaign(record, 10);
      await record.coupons.issue([aGrant(id, 2)]);
      await record.issuance.snapshot(id, 1, 1);
      expect(await record.coupons.issue([aGrant(id, 1)])).toMatchObject([{ reason: 'sequence-conflict' }]);
    });

    it('shows every coupon that is issued while it races, or lets it come too late', async () => {
      const record = await make();
      const { id } = await newCampaign(record, 300);
      const grants = Array.from({ length: 300 }, (_, index) => aGrant(id, index + 1));
      const epoch = await record.issuance.raiseEpoch(id);
      const batches = Array.from({ length: 30 }, (_, index) => grants.slice(index * 10, index * 10 + 10));
      const outcomes: Promise<readonly { kind: string }[]>[] = [];
      for (const batch of batches.slice(0, 15)) outcomes.push(untilAnswered(() => record.coupons.issue(batch)));
      const snapshot = await record.issuance.snapshot(id, epoch, 1);
      for (const batch of batches.slice(15)) outcomes.push(untilAnswered(() => record.coupons.issue(batch)));
      const kinds = (await Promise.all(outcomes)).flat().map(({ kind }) => kind);
      const issued = grants.filter((_, index) => kinds[index] === 'issued').map(({ sequence }) => sequence);
      expect(bySequence(snapshot?.holders).map(({ sequence }) => sequence)).toEqual(issued);
    });

    it('counts what is recorded, and how much of the sample', async () => {
      const record = await make();
      const { id } = await newCampaign(record, 10);
      await record.coupons.issue([aGrant(id, 1), aGrant(id, 2), aGrant(id, 7)]);
      await record.failedEvents.keep([
        aFailure(aGrant(id, 3)),
        aFailure(aGrant(id, 4), { holdsSlot: false }),
        aFailure(aGrant(id, 1)),
      ]);
      await record.burn(id, 5, aGrant(id, 5).userId);
      const account = await record.issuance.account(id, { epoch: 1, counter: 6, pending: [2, 6] });
      expect(account).toEqual({ issued: 3, failed: 3, burnt: 1, recorded: 3 });
      const nothing = { issued: 0, failed: 0, burnt: 0, recorded: 0 };
      expect(await record.issuance.account(randomCampaignId(), { epoch: 1, counter: 6, pending: [] })).toEqual(nothing);
    });
  });
}
