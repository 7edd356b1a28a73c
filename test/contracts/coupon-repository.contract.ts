import { describe, expect, it } from 'vitest';
import type { Coupon } from '../../src/domain/coupon.ts';
import { toCursor } from '../../src/domain/cursor.ts';
import { DomainError } from '../../src/domain/domain-error.ts';
import { parseUserId, type UserId } from '../../src/domain/user-id.ts';
import { aFailure, aGrant, newCampaign, type PermanentRecord } from '../support/permanent-record.ts';
import { randomCampaignId, randomUserId } from '../support/random.ts';
import { untilAnswered } from '../support/until-answered.ts';

const issued = { kind: 'issued' };
const alreadyRecorded = { kind: 'already-recorded' };
const impossible = expect.objectContaining({ kind: 'failed', reason: 'rejected', impossible: true });
const failed = (reason: string) => expect.objectContaining({ kind: 'failed', reason, detail: expect.any(String) });

export function couponRepositoryContract(name: string, make: () => Promise<PermanentRecord>): void {
  describe(`${name} as a CouponRepository`, () => {
    it('records a batch of grants and says what became of each, in the order given', async () => {
      const record = await make();
      const { id } = await newCampaign(record, 10);
      const [first, second] = [aGrant(id, 2), aGrant(id, 1)];
      const outcomes = await record.coupons.issue([first, aGrant(id, 11), second, first]);
      expect(outcomes).toEqual([issued, failed('rejected'), issued, alreadyRecorded]);
      expect(await record.coupons.issue([])).toEqual([]);
    });

    it('makes a grant a coupon with its own sequence', async () => {
      const record = await make();
      const { id } = await newCampaign(record);
      const grant = aGrant(id, 7);
      await record.coupons.issue([grant]);
      const coupon = { campaignId: id, userId: grant.userId, sequence: 7, issuedAt: record.clock.now() };
      expect(await record.coupons.find(id, grant.userId)).toEqual(coupon);
    });

    it('says already-recorded where the same grant is issued again, in the same batch or a later one', async () => {
      const record = await make();
      const { id } = await newCampaign(record);
      const grant = aGrant(id, 1);
      expect(await record.coupons.issue([grant, { ...grant }])).toEqual([issued, alreadyRecorded]);
      expect(await record.coupons.issue([aGrant(id, 2), grant, grant])).toEqual([
        issued,
        alreadyRecorded,
        alreadyRecorded,
      ]);
      expect(await record.coupons.issue([{ ...grant, grantedAt: 0 }])).toEqual([alreadyRecorded]);
    });

    it('says of every copy of a grant that cannot become a coupon why', async () => {
      const record = await make();
      const grant = aGrant(randomCampaignId(), 1);
      expect(await record.coupons.issue([grant, grant])).toEqual([
        failed('unknown-campaign'),
        failed('unknown-campaign'),
      ]);
    });

    it('says already-recorded of a grant that is kept as a failed event holding a slot, or burnt', async () => {
      const record = await make();
      const { id } = await newCampaign(record);
      const [held, voided] = [aGrant(id, 1), aGrant(id, 2)];
      await record.failedEvents.keep([aFailure(held)]);
      await record.burn(id, 2, voided.userId);
      expect(await record.coupons.issue([held, voided, aGrant(id, 3)])).toEqual([
        alreadyRecorded,
        alreadyRecorded,
        issued,
      ]);
      expect(await record.coupons.find(id, held.userId)).toBeNull();
    });

    it('closes the failed events of a grant that becomes a coupon after all', async () => {
      const record = await make();
      const { id } = await newCampaign(record);
      const grant = aGrant(id, 1);
      await record.failedEvents.keep([aFailure(grant, { holdsSlot: false })]);
      expect(await record.coupons.issue([grant])).toEqual([issued]);
      expect(await record.failedEvents.openFailureOf(id, grant.userId)).toBeNull();
    });

    it('fails a grant of a campaign that is not recorded as unknown-campaign', async () => {
      const record = await make();
      const { id } = await newCampaign(record);
      const outcomes = await record.coupons.issue([aGrant(randomCampaignId(), 1), aGrant(id, 1)]);
      expect(outcomes).toEqual([failed('unknown-campaign'), issued]);
    });

    it('fails a sequence that another user holds as sequence-conflict, a user with another sequence as user-conflict', async () => {
      const record = await make();
      const { id } = await newCampaign(record);
      const [coupon, held] = [aGrant(id, 1), aGrant(id, 2)];
      await record.failedEvents.keep([aFailure(held)]);
      await record.coupons.issue([coupon]);
      await record.burn(id, 3, randomUserId());
      const outcomes = await record.coupons.issue([
        aGrant(id, 1),
        { ...coupon, sequence: 4 },
        aGrant(id, 2),
        { ...held, sequence: 5 },
        aGrant(id, 3),
        aGrant(id, 6),
      ]);
      expect(outcomes).toEqual([
        failed('sequence-conflict'),
        failed('user-conflict'),
        failed('sequence-conflict'),
        failed('user-conflict'),
        failed('sequence-conflict'),
        issued,
      ]);
    });

    it('lets the first of a batch have a sequence or a user that two grants of it claim', async () => {
      const record = await make();
      const { id } = await newCampaign(record);
      const grant = aGrant(id, 2);
      const outcomes = await record.coupons.issue([grant, aGrant(id, 2), { ...grant, sequence: 1 }, aGrant(id, 1)]);
      expect(outcomes).toEqual([issued, failed('sequence-conflict'), failed('user-conflict'), issued]);
    });

    it('fails a grant of an epoch below the minimum as late-epoch, unless it is recorded already', async () => {
      const record = await make();
      const { id } = await newCampaign(record);
      const recorded = aGrant(id, 1);
      await record.coupons.issue([recorded]);
      const epoch = (await record.issuance.raiseEpoch(id)) ?? 0;
      await record.issuance.snapshot(id, epoch, record.clock.now());
      expect(await record.coupons.issue([recorded, aGrant(id, 2), aGrant(id, 3, { epoch })])).toEqual([
        alreadyRecorded,
        failed('late-epoch'),
        issued,
      ]);
    });

    it('rejects a sequence above the ceiling, or an epoch that was never reached, as impossible', async () => {
      const record = await make();
      const { id } = await newCampaign(record, 3);
      const outcomes = await record.coupons.issue([aGrant(id, 4), aGrant(id, 1, { epoch: 2 }), aGrant(id, 3)]);
      expect(outcomes).toEqual([impossible, impossible, issued]);
    });

    it('does not let one bad grant keep its neighbours from becoming coupons', async () => {
      const record = await make();
      const { id } = await newCampaign(record, 20);
      const taken = aGrant(id, 5);
      await record.coupons.issue([taken]);
      const batch = Array.from({ length: 20 }, (_, index) => aGrant(id, index + 1));
      const outcomes = await record.coupons.issue(batch);
      expect(outcomes.filter(({ kind }) => kind === 'issued')).toHaveLength(19);
      expect(outcomes[4]).toEqual(failed('sequence-conflict'));
    });

    it('holds one coupon per user and per sequence, however batches overlap and race', async () => {
      const record = await make();
      const { id } = await newCampaign(record, 200);
      const users = Array.from({ length: 200 }, randomUserId);
      const rightful = users.map((userId, index) => aGrant(id, index + 1, { userId }));
      const wrongful = users.map((userId, index) => aGrant(id, ((index + 1) % 200) + 1, { userId }));
      const batches = Array.from({ length: 12 }, (_, turn) => {
        const batch = turn % 3 === 2 ? wrongful : rightful;
        return [...batch.slice(turn * 15), ...batch.slice(0, turn * 15)];
      });
      const outcomes = await Promise.all(batches.map((batch) => untilAnswered(() => record.coupons.issue(batch))));
      const coupons = await Promise.all(users.map((userId) => record.coupons.find(id, userId)));
      const stored = coupons.filter((coupon) => coupon !== null);
      expect(new Set(stored.map(({ sequence }) => sequence)).size).toBe(stored.length);
      expect(outcomes.flat().filter(({ kind }) => kind === 'issued')).toHaveLength(stored.length);
      const account = await record.issuance.account(id, { epoch: 1, counter: 200, pending: [] });
      expect(account.issued).toBe(stored.length);
    });

    it('finds the coupon of one user in one campaign, or null', async () => {
      const record = await make();
      const [one, other] = [await newCampaign(record), await newCampaign(record)];
      const grant = aGrant(one.id, 1);
      await record.coupons.issue([grant]);
      expect(await record.coupons.find(one.id, grant.userId)).toMatchObject({ campaignId: one.id, sequence: 1 });
      expect(await record.coupons.find(other.id, grant.userId)).toBeNull();
      expect(await record.coupons.find(one.id, randomUserId())).toBeNull();
      expect(await record.coupons.find(randomCampaignId(), grant.userId)).toBeNull();
    });

    it('keeps user ids of 64 bits apart', async () => {
      const record = await make();
      const { id } = await newCampaign(record);
      const users = ['9007199254740992', '9007199254740993', '9223372036854775806', '9223372036854775807'].map(
        parseUserId,
      );
      await record.coupons.issue(users.map((userId, index) => aGrant(id, index + 1, { userId })));
      for (const [index, userId] of users.entries()) {
        expect(await record.coupons.find(id, userId)).toMatchObject({ userId, sequence: index + 1 });
        expect((await record.coupons.listOf(userId, { limit: 5, cursor: null })).items).toMatchObject([
          { userId, sequence: index + 1 },
        ]);
      }
    });

    it("lists one user's coupons, newest first, in pages that neither skip nor repeat", async () => {
      const record = await make();
      const userId = randomUserId();
      const expected: string[] = [];
      for (let turn = 0; turn < 7; turn += 1) {
        // Two campaigns share each moment: the cursor has to tell them apart.
        if (turn % 2 === 0) record.clock.time += 1;
        const { id } = await newCampaign(record);
        await record.coupons.issue([aGrant(id, 1, { userId }), aGrant(id, 2)]);
        expected.push(id);
      }
      const listed = await listedInPages(record, userId, 2);
      expect(listed.map(({ campaignId }) => campaignId).toSorted()).toEqual(expected.toSorted());
      const times = listed.map(({ issuedAt }) => issuedAt);
      expect(times).toEqual(times.toSorted((a, b) => b - a));
      expect(listed.every((coupon) => coupon.userId === userId)).toBe(true);
    });

    it('refuses a cursor that no page gave', async () => {
      const record = await make();
      const madeUp = [toCursor('x', 'y'), toCursor('999999999999999', 'a'), toCursor('1')];
      for (const cursor of ['nonsense', '', 'W10', ...madeUp]) {
        await expect(record.coupons.listOf(randomUserId(), { limit: 1, cursor })).rejects.toThrow(DomainError);
      }
      const farOff = { limit: 1, cursor: toCursor('99999999999999', 'a') };
      expect(await record.coupons.listOf(randomUserId(), farOff)).toEqual({ items: [], nextCursor: null });
    });

    it('shares nothing with its callers', async () => {
      const record = await make();
      const { id } = await newCampaign(record);
      const grant = { ...aGrant(id, 1) };
      const { userId } = grant;
      await record.coupons.issue([grant]);
      grant.sequence = 9;
      const coupon = await record.coupons.find(id, userId);
      Object.assign(coupon ?? {}, { sequence: 9 });
      const [listed] = (await record.coupons.listOf(userId, { limit: 1, cursor: null })).items;
      Object.assign(listed ?? {}, { sequence: 9 });
      expect(await record.coupons.find(id, userId)).toMatchObject({ sequence: 1 });
    });
  });
}

async function listedInPages(record: PermanentRecord, userId: UserId, limit: number): Promise<Coupon[]> {
  const listed: Coupon[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof record.coupons.listOf>> = await record.coupons.listOf(userId, {
      limit,
      cursor,
    });
    expect(page.items.length).toBeLessThanOrEqual(limit);
    listed.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return listed;
}
