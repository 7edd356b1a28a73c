import { describe, expect, it } from 'vitest';
import { burntOf } from '../../src/domain/campaign.ts';
import type { CampaignId } from '../../src/domain/campaign-id.ts';
import type { Holder } from '../../src/domain/counter-standing.ts';
import type { FailedEvent } from '../../src/domain/failed-event.ts';
import type { Grant } from '../../src/domain/grant.ts';
import type { VoidedGrant, VoidOutcome } from '../../src/domain/ports/voids.ts';
import { aFailure, aGrant, newCampaign, type PermanentRecord } from '../support/permanent-record.ts';
import { randomCampaignId, randomUserId } from '../support/random.ts';
import { aHeldEvent, eventsOf, leased, only, reissue } from './failed-event-store.subject.ts';

const REASON = 'the user asked us to forget him \u{1f44b}';

export function voidsContract(name: string, make: () => Promise<PermanentRecord>): void {
  describe(`${name} as Voids`, () => {
    describe('voiding', () => {
      it('closes an open failed event for good, with the reason and who gave it', async () => {
        const record = await make();
        const { id, grant } = await aHeldEvent(record);
        record.clock.time += 5;
        const now = record.clock.now();
        expect(await voidIt(record, id)).toMatchObject({ kind: 'voided', grant: named(grant) });
        expect(await record.failedEvents.find(id)).toMatchObject({ status: 'void', updatedAt: now });
        expect((await record.failedEvents.history(id)).slice(1)).toEqual([
          { at: now, actor: 'operator', step: 'voided', detail: REASON },
        ]);
        expect(await record.failedEvents.countOpen(grant.campaignId)).toEqual({ reissuable: 0, malformed: 0 });
      });

      it('burns the sequence of what holds a slot, and raises ceiling and version by one', async () => {
        const record = await make();
        const { id, grant } = await aHeldEvent(record, 7);
        const before = await campaign(record, grant.campaignId);
        const outcome = await voidIt(record, id);
        const after = await campaign(record, grant.campaignId);
        expect(after).toEqual({ ...before, ceiling: before.ceiling + 1, version: before.version + 1 });
        expect(outcome).toMatchObject({ burnt: { grant: named(grant), record: after } });
        const account = await record.issuance.account(grant.campaignId, { epoch: 1, counter: 1, pending: [] });
        expect(account).toEqual({ issued: 0, failed: 0, burnt: 1, recorded: 1 });
      });

      it("burns a sequence that is another user's coupon by then without a higher ceiling", async () => {
        const record = await make();
        const { id: campaignId } = await newCampaign(record, 5);
        const [grant, forged] = [aGrant(campaignId, 1), aGrant(campaignId, 1)];
        await record.coupons.issue([forged]);
        await record.failedEvents.keep([aFailure(grant)]);
        const { id } = await only(record, grant);
        expect(await voidIt(record, id)).toMatchObject({
          kind: 'voided',
          burnt: { record: { ceiling: 5, version: 2 } },
        });
        expect(await record.voids.sequenceOf(campaignId, grant.userId)).toBe(1);
      });

      it("closes the other open failed events of the slot's grant too", async () => {
        const record = await make();
        const { id: campaignId } = await newCampaign(record);
        const grant = aGrant(campaignId, 1);
        await record.failedEvents.keep([
          aFailure(grant, { holdsSlot: false }),
          aFailure(grant),
          aFailure(aGrant(campaignId, 2)),
        ]);
        const [copy, held, other] = await eventsOf(record, campaignId);
        await voidIt(record, held?.id);
        expect(await record.failedEvents.find(copy?.id ?? '')).toMatchObject({ status: 'void' });
        expect((await record.failedEvents.history(copy?.id ?? '')).slice(1)).toEqual([
          {
            at: record.clock.now(),
            actor: 'operator',
            step: 'closed',
            detail: expect.stringContaining(held?.id ?? 'an id'),
          },
        ]);
        expect(await record.failedEvents.find(other?.id ?? '')).toMatchObject({ status: 'open' });
      });

      it('closes one that holds no slot by itself, and burns nothing', async () => {
        const record = await make();
        const { id: campaignId, ceiling, version } = await newCampaign(record);
        const grant = aGrant(campaignId, 1);
        await record.failedEvents.keep([aFailure(grant, { holdsSlot: false }), aFailure(grant)]);
        const [copy, held] = await eventsOf(record, campaignId);
        expect(await voidIt(record, copy?.id)).toEqual({ kind: 'voided', grant: named(grant), burnt: null });
        expect(await record.failedEvents.find(held?.id ?? '')).toMatchObject({ status: 'open' });
        expect(await campaign(record, campaignId)).toMatchObject({ ceiling, version });
        expect(await record.voids.sequenceOf(campaignId, grant.userId)).toBeNull();
      });

      it('closes what no grant can be read from, and what names an unknown campaign', async () => {
        const record = await make();
        const unknown = aGrant(randomCampaignId(), 1);
        const malformed = aFailure(null);
        await record.failedEvents.keep([aFailure(unknown), malformed]);
        const event = await only(record, unknown);
        expect(await voidIt(record, event.id)).toEqual({ kind: 'voided', grant: named(unknown), burnt: null });
        const next = String(Number(event.id) + 1);
        expect(await record.failedEvents.find(next)).toMatchObject({ raw: { digest: malformed.raw.digest } });
        expect(await voidIt(record, next)).toEqual({ kind: 'voided', grant: null, burnt: null });
      });

      it('answers the same when it voids again, and burns nothing more, also where two race', async () => {
        const record = await make();
        const { id, grant } = await aHeldEvent(record, 7);
        const outcomes = await Promise.all(Array.from({ length: 6 }, () => voidIt(record, id)));
        expect(new Set(outcomes.map((outcome) => JSON.stringify(outcome))).size).toBe(1);
        record.clock.time += 1;
        expect(await voidIt(record, id, 'another reason')).toEqual(outcomes[0]);
        expect(await campaign(record, grant.campaignId)).toMatchObject({ limit: 7, ceiling: 8, version: 2 });
        expect((await record.failedEvents.history(id)).map(({ step }) => step)).toEqual(['kept', 'voided']);
      });

      it('does not void what has become a coupon, nor reissue what was voided, whichever comes first', async () => {
        const record = await make();
        for (let round = 0; round < 5; round += 1) {
          const { id, grant } = await aHeldEvent(record, 7);
          const now = record.clock.now();
          const [, owner] = await leased(record, { id });
          const reissued = record.failedEvents.reissue(id, owner, now, now, 'leader');
          const [outcome, answer] = await Promise.all([voidIt(record, id), reissued]);
          const isVoid = outcome.kind === 'voided';
          expect(answer.kind).toBe(isVoid ? 'lease-lost' : 'reissued');
          expect((await record.coupons.find(grant.campaignId, grant.userId)) === null).toBe(isVoid);
          expect(burntOf(await campaign(record, grant.campaignId))).toBe(isVoid ? 1 : 0);
        }
        const done = await aHeldEvent(record);
        await reissue(record, done);
        expect(await voidIt(record, done.id)).toMatchObject({ kind: 'not-voidable', detail: 'it is reissued' });
      });

      it('finds nothing under an id that was never given', async () => {
        const record = await make();
        for (const id of ['', '0', '9223372036854775807', '99999999999999999999', 'x', '1 or 1=1']) {
          expect(await voidIt(record, id)).toEqual({ kind: 'not-found' });
        }
      });

      it('has the event of a voided grant recorded already when it is delivered again', async () => {
        const record = await make();
        const { id, grant } = await aHeldEvent(record);
        await voidIt(record, id);
        expect(await record.coupons.issue([grant])).toEqual([{ kind: 'already-recorded' }]);
        await record.failedEvents.keep([aFailure(grant), aFailure(grant, { holdsSlot: false })]);
        expect(await eventsOf(record, grant.campaignId)).toHaveLength(1);
      });

      it('has the user of a voided grant counted among the holders of a rebuild, as voided', async () => {
        const record = await make();
        const { id, grant } = await aHeldEvent(record, 7);
        const { campaignId, userId } = grant;
        await voidIt(record, id);
        const epoch = (await record.issuance.raiseEpoch(campaignId)) ?? 0;
        const snapshot = await record.issuance.snapshot(campaignId, epoch, record.clock.now());
        const holders: Holder[] = [];
        for await (const page of snapshot?.holders ?? []) holders.push(...page);
        expect(holders).toEqual([{ userId, sequence: 1, voided: true }]);
        expect(snapshot?.record).toMatchObject({ limit: 7, ceiling: 8 });
      });
    });

    describe('telling the counter', () => {
      it('has every voided grant untold, oldest first, of one campaign where asked, until it is marked told', async () => {
        const record = await make();
        const first = await aHeldEvent(record);
        const second = await aHeldEvent(record);
        for (const { id } of [second, first]) {
          record.clock.time += 1;
          await voidIt(record, id);
        }
        const ours = new Set([first.grant.campaignId, second.grant.campaignId]);
        const all = (await record.voids.untold(null)).filter(({ campaignId }) => ours.has(campaignId));
        expect(all).toEqual([named(second.grant), named(first.grant)]);
        expect(await untold(record, first.grant)).toEqual([named(first.grant)]);
        await record.voids.markTold(named(first.grant), record.clock.now());
        await record.voids.markTold(named(first.grant), record.clock.now() + 1);
        expect(await untold(record, first.grant)).toEqual([]);
        expect(await untold(record, second.grant)).toEqual([named(second.grant)]);
      });

      it('counts no sequence as untold that a rebuild burnt', async () => {
        const record = await make();
        const { id } = await newCampaign(record);
        await record.coupons.issue([aGrant(id, 3)]);
        const epoch = (await record.issuance.raiseEpoch(id)) ?? 0;
        await record.issuance.snapshot(id, epoch, record.clock.now());
        expect(burntOf(await campaign(record, id))).toBe(2);
        expect(await record.voids.untold(id)).toEqual([]);
      });

      it('has nothing untold in an archived campaign', async () => {
        const record = await make();
        const { id, grant } = await aHeldEvent(record);
        await voidIt(record, id);
        const { campaignId } = grant;
        const present = await campaign(record, campaignId);
        expect(await record.campaigns.archive(present, 0, record.clock.now())).not.toBeNull();
        expect(await untold(record, grant)).toEqual([]);
      });
    });

    it('answers the voided sequence of a user in a campaign, or null', async () => {
      const record = await make();
      const { id, grant } = await aHeldEvent(record);
      const { campaignId, userId } = grant;
      expect(await record.voids.sequenceOf(campaignId, userId)).toBeNull();
      await voidIt(record, id);
      expect(await record.voids.sequenceOf(campaignId, userId)).toBe(1);
      await record.voids.markTold(named(grant), record.clock.now());
      expect(await record.voids.sequenceOf(campaignId, userId)).toBe(1);
      expect(await record.voids.sequenceOf(campaignId, randomUserId())).toBeNull();
      expect(await record.voids.sequenceOf(randomCampaignId(), userId)).toBeNull();
    });
  });
}

const named = ({ campaignId, userId, sequence }: Grant): VoidedGrant => ({ campaignId, userId, sequence });

const voidIt = (record: PermanentRecord, id: FailedEvent['id'] | undefined, reason = REASON): Promise<VoidOutcome> =>
  record.voids.voidEvent(id ?? '', { reason, by: 'operator', now: record.clock.now() });

const untold = (record: PermanentRecord, { campaignId }: Grant) => record.voids.untold(campaignId);

async function campaign(record: PermanentRecord, id: CampaignId) {
  const found = await record.campaigns.find(id);
  if (found === null) throw new Error(`campaign ${id} is not recorded`);
  return found;
}
