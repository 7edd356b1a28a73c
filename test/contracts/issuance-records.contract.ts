import { describe, expect, it } from 'vitest';
import type { CampaignId } from '../../src/domain/campaign-id.ts';
import type { Grant } from '../../src/domain/grant.ts';
import { MOST_GAPS } from '../../src/domain/snapshot-gaps.ts';
import { LARGEST_USER_ID, parseUserId } from '../../src/domain/user-id.ts';
import { holdersOf } from '../support/holders-of.ts';
import { aFailure, aGrant, newCampaign, type PermanentRecord } from '../support/permanent-record.ts';
import { randomCampaignId } from '../support/random.ts';
import { untilAnswered } from '../support/until-answered.ts';

/** Turns the failed event of a grant into its coupon. */
async function reissue(record: PermanentRecord, campaignId: CampaignId, { userId }: Grant): Promise<void> {
  const now = record.clock.now();
  const { items } = await record.failedEvents.page({ campaignId, status: 'open' }, { limit: 10, cursor: null });
  const id = items.find(({ grant }) => grant?.userId === userId)?.id ?? '';
  await record.failedEvents.leaseOne(id, 'test', now, now + 1_000);
  expect(await record.failedEvents.reissue(id, 'test', now, now, 'operator')).toEqual({ kind: 'reissued' });
}

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

    it('raises no epoch of an archived campaign', async () => {
      const record = await make();
      const campaign = await newCampaign(record, 10);
      const archived = await record.campaigns.archive(campaign, 1, 5);
      expect(await record.issuance.raiseEpoch(campaign.id)).toBeNull();
      expect(await record.campaigns.find(campaign.id)).toEqual(archived);
    });

    it('sets the minimum epoch and takes a new version in a snapshot', async () => {
      const record = await make();
      const { id, version } = await newCampaign(record, 10);
      const epoch = (await record.issuance.raiseEpoch(id)) ?? 0;
      const snapshot = await record.issuance.snapshot(id, epoch, 1);
      expect(snapshot).toMatchObject({ highest: 0, record: { epoch, minimumEpoch: epoch, ceiling: 10 } });
      expect(snapshot?.record.version).toBe(version + 1);
      expect(await holdersOf(snapshot)).toEqual([]);
      expect(await record.campaigns.find(id)).toEqual(snapshot?.record);
    });

    it("answers null where the campaign's epoch is no longer this one, and changes nothing", async () => {
      const record = await make();
      const { id } = await newCampaign(record);
      await record.coupons.issue([aGrant(id, 3)]);
      const epoch = (await record.issuance.raiseEpoch(id)) ?? 0;
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
      expect(await holdersOf(snapshot)).toEqual([
        { userId: coupon.userId, sequence: 1, voided: false },
        { userId: held.userId, sequence: 2, voided: false },
        { userId: voided.userId, sequence: 3, voided: true },
      ]);
    });

    it('gives who was reissued or voided between a snapshot and the reading of its holders, as voided then', async () => {
      const record = await make();
      const { id } = await newCampaign(record);
      const [coupon, reissued, voided] = [aGrant(id, 1), aGrant(id, 2), aGrant(id, 3)];
      await record.coupons.issue([coupon]);
      await record.failedEvents.keep([aFailure(reissued), aFailure(voided)]);
      const snapshot = await record.issuance.snapshot(id, 1, 1);
      const pages = snapshot?.holders[Symbol.asyncIterator]();
      const first = await pages?.next();
      await reissue(record, id, reissued);
      await record.burn(id, 3, voided.userId);
      const read = [...(first?.value ?? [])];
      for (let page = await pages?.next(); page?.done === false; page = await pages?.next()) read.push(...page.value);
      expect(read.findLast(({ userId }) => userId === reissued.userId)).toMatchObject({ sequence: 2, voided: false });
      expect(read.findLast(({ userId }) => userId === voided.userId)).toMatchObject({ sequence: 3, voided: true });
      expect(read.map(({ userId }) => userId)).toContain(coupon.userId);
    });

    it('has as holders of a snapshot nobody whose sequence is above its highest', async () => {
      const record = await make();
      const { id } = await newCampaign(record);
      await record.coupons.issue([aGrant(id, 1)]);
      const snapshot = await record.issuance.snapshot(id, 1, 1);
      await record.coupons.issue([aGrant(id, 2)]);
      expect((await holdersOf(snapshot)).map(({ sequence }) => sequence)).toEqual([1]);
    });

    it('has every holder of more than a page', async () => {
      const record = await make();
      const { id } = await newCampaign(record, 12_000);
      const grants = Array.from({ length: 10_000 }, (_, index) => aGrant(id, index + 1));
      for (let from = 0; from < grants.length; from += 1_000)
        await record.coupons.issue(grants.slice(from, from + 1_000));
      const holders = await holdersOf(await record.issuance.snapshot(id, 1, 1));
      expect(holders).toEqual(grants.map(({ userId, sequence }) => ({ userId, sequence, voided: false })));
    });

    it('knows the highest sequence that a coupon, a failed event holding a slot or a burnt sequence uses', async () => {
      const record = await make();
      const [coupon, held, free, burnt, empty] = await Promise.all(
        Array.from({ length: 5 }, () => newCampaign(record)),
      );
      const idOf = (campaign: { readonly id: CampaignId } | undefined) => campaign?.id ?? randomCampaignId();
      await record.coupons.issue([aGrant(idOf(coupon), 7), aGrant(idOf(coupon), 3), aGrant(idOf(held), 2)]);
      await record.failedEvents.keep([aFailure(aGrant(idOf(held), 9))]);
      await record.failedEvents.keep([aFailure(aGrant(idOf(free), 9), { holdsSlot: false })]);
      await record.burn(idOf(burnt), 5, aGrant(idOf(burnt), 5).userId);
      const highest = await record.issuance.highest();
      expect([coupon, held, free, burnt, empty].map((campaign) => highest.get(idOf(campaign)))).toEqual([
        7, 9, 0, 5, 0,
      ]);
    });

    it('records the unused sequences below the highest used one as burnt, which raises the ceiling by as many', async () => {
      const record = await make();
      const { id } = await newCampaign(record, 10);
      await record.coupons.issue([aGrant(id, 2), aGrant(id, 6)]);
      await record.failedEvents.keep([aFailure(aGrant(id, 4)), aFailure(aGrant(id, 9), { holdsSlot: false })]);
      const first = await record.issuance.snapshot(id, 1, 1);
      expect(first).toMatchObject({ highest: 6, record: { limit: 10, ceiling: 13 } });
      const again = await record.issuance.snapshot(id, 1, 2);
      expect(again).toMatchObject({ highest: 6, record: { limit: 10, ceiling: 13 } });
      expect((await holdersOf(again)).map(({ sequence }) => sequence)).toEqual([2, 4, 6]);
      expect(await record.issuance.account(id, { epoch: 1, counter: 6, pending: [] })).toEqual({
        issued: 2,
        failed: 2,
        burnt: 3,
        recorded: 6,
      });
    });

    it('refuses more than MOST_GAPS unused sequences, saying how many, and changes nothing', async () => {
      const record = await make();
      const { id } = await newCampaign(record, MOST_GAPS + 4);
      const epoch = (await record.issuance.raiseEpoch(id)) ?? 0;
      // Every kind of used sequence counts once, and the highest is the forged one.
      const forged = MOST_GAPS + 4;
      await record.coupons.issue([aGrant(id, 1), aGrant(id, forged)]);
      await record.failedEvents.keep([aFailure(aGrant(id, 2)), aFailure(aGrant(id, 1))]);
      const before = await record.campaigns.find(id);
      const told = `campaign ${id} cannot be rebuilt: ${MOST_GAPS + 1} sequences`;
      await expect(record.issuance.snapshot(id, epoch, 1)).rejects.toThrow(told);
      expect(await record.campaigns.find(id)).toEqual(before);
      expect(await record.issuance.account(id, { epoch, counter: forged, pending: [] })).toMatchObject({
        burnt: 0,
        recorded: 3,
      });
    });

    it('takes the counter of a burnt sequence that is the highest as used', async () => {
      const record = await make();
      const { id } = await newCampaign(record, 10);
      const { userId } = aGrant(id, 3);
      await record.burn(id, 3, userId);
      const snapshot = await record.issuance.snapshot(id, 1, 1);
      expect(snapshot).toMatchObject({ highest: 3, record: { ceiling: 13 } });
      expect(await holdersOf(snapshot)).toEqual([{ userId, sequence: 3, voided: true }]);
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
      const epoch = (await record.issuance.raiseEpoch(id)) ?? 0;
      const batches = Array.from({ length: 30 }, (_, index) => grants.slice(index * 10, index * 10 + 10));
      const outcomes: Promise<readonly { kind: string }[]>[] = [];
      for (const batch of batches.slice(0, 15)) outcomes.push(untilAnswered(() => record.coupons.issue(batch)));
      const snapshot = await record.issuance.snapshot(id, epoch, 1);
      for (const batch of batches.slice(15)) outcomes.push(untilAnswered(() => record.coupons.issue(batch)));
      const kinds = (await Promise.all(outcomes)).flat().map(({ kind }) => kind);
      const issued = grants.filter((_, index) => kinds[index] === 'issued').map(({ sequence }) => sequence);
      expect((await holdersOf(snapshot)).map(({ sequence }) => sequence)).toEqual(issued);
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

    it('says which holders have no coupon, no open failed event and no burnt sequence', async () => {
      const record = await make();
      const { id } = await newCampaign(record, 10);
      const grants = Array.from({ length: 7 }, (_, index) => aGrant(id, index + 1));
      const [coupon, held, unheld, voided] = grants.slice(0, 4) as [Grant, Grant, Grant, Grant];
      await record.coupons.issue([coupon]);
      await record.failedEvents.keep([aFailure(held), aFailure(unheld, { holdsSlot: false })]);
      await record.burn(id, 4, voided.userId);
      const holders = grants.map(({ userId, sequence }) => ({ userId, sequence, voided: false }));
      expect(await record.issuance.unrecorded(id, holders)).toEqual(holders.slice(4));
      expect(await record.issuance.unrecorded(id, [])).toEqual([]);
      const unknown = randomCampaignId();
      expect(await record.issuance.unrecorded(unknown, holders)).toEqual(holders);
    });

    it('takes a coupon of another sequence or user, or a failed event that came too late, for no record of a holder', async () => {
      const record = await make();
      const { id } = await newCampaign(record, 10);
      const [late, coupon] = [aGrant(id, 1), aGrant(id, 2)];
      await record.coupons.issue([coupon]);
      await record.failedEvents.keep([aFailure(late, { reason: 'late-epoch', holdsSlot: false })]);
      const holders = [
        { userId: late.userId, sequence: 1, voided: false },
        { userId: coupon.userId, sequence: 3, voided: false },
        { userId: aGrant(id, 2).userId, sequence: 2, voided: false },
      ];
      expect(await record.issuance.unrecorded(id, holders)).toEqual(holders);
    });

    it('looks up thousands of holders at once, whatever the size of their ids', async () => {
      const record = await make();
      const { id } = await newCampaign(record, 3_000);
      const grants = Array.from({ length: 2_500 }, (_, index) =>
        aGrant(id, index + 1, { userId: parseUserId(String(BigInt(LARGEST_USER_ID) - BigInt(index))) }),
      );
      const recorded = grants.filter(({ sequence }) => sequence % 2 === 0);
      for (let from = 0; from < recorded.length; from += 500) {
        await record.coupons.issue(recorded.slice(from, from + 500));
      }
      const holders = grants.map(({ userId, sequence }) => ({ userId, sequence, voided: false }));
      const odd = holders.filter(({ sequence }) => sequence % 2 === 1);
      expect(await record.issuance.unrecorded(id, holders)).toEqual(odd);
    });
  });
}
