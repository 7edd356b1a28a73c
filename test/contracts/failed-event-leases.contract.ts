import { describe, expect, it } from 'vitest';
import { type FailedEvent, MOST_ATTEMPTS } from '../../src/domain/failed-event.ts';
import type { Grant } from '../../src/domain/grant.ts';
import { aFailure, aGrant, newCampaign, type PermanentRecord } from '../support/permanent-record.ts';
import { randomCampaignId, randomName } from '../support/random.ts';
import {
  aHeldEvent,
  closeReadmitted,
  eventsOf,
  LEASE_MS,
  leaseAll,
  leased,
  only,
  reissue,
} from './failed-event-store.subject.ts';

const sequences = (events: readonly FailedEvent[]) => events.map(({ grant }) => grant?.sequence);
const ids = (events: readonly FailedEvent[]) => events.map(({ id }) => id);

/** The part of the contract of a FailedEventStore that is about working on failed events. */
export function failedEventLeases(make: () => Promise<PermanentRecord>): void {
  const someEvents = async (count: number) => {
    const record = await make();
    const { id } = await newCampaign(record);
    await record.failedEvents.keep(Array.from({ length: count }, (_, index) => aFailure(aGrant(id, index + 1))));
    return { record, id };
  };

  describe('leasing', () => {
    it('leases open failed events that may become a coupon, of one campaign where asked, at most so many', async () => {
      const { record, id } = await someEvents(4);
      const late = aFailure(aGrant(id, 9), { reason: 'late-epoch', holdsSlot: false });
      await record.failedEvents.keep([late, aFailure(null)]);
      await reissue(record, (await eventsOf(record, id))[1]);
      const all = await leaseAll(record, { owner: 'one', campaignId: id });
      expect(sequences(all)).toEqual([1, 3, 4, 9]);
      expect(all).toEqual(await eventsOf(record, id, 'open'));
      expect(sequences(await leaseAll(record, { owner: 'one', campaignId: id, most: 2 }))).toEqual([1, 3]);
      const others = await leaseAll(record, { owner: randomName('owner'), campaignId: null, most: 1_000 });
      expect(others.every(({ grant }) => grant !== null && grant.campaignId !== id)).toBe(true);
    });

    it('does not give what is leased to somebody else before that lease is over', async () => {
      const { record, id } = await someEvents(1);
      const now = record.clock.now();
      const ask = (owner: string, at: number) => leaseAll(record, { owner, campaignId: id, now: at });
      expect(await ask('one', now)).toHaveLength(1);
      expect(await ask('another', now + LEASE_MS - 1)).toEqual([]);
      expect(await ask('one', now + LEASE_MS - 1)).toHaveLength(1);
      expect(await ask('another', now + 2 * LEASE_MS - 1)).toHaveLength(1);
      expect(await ask('one', now + 2 * LEASE_MS)).toEqual([]);
    });

    it('leases each event to one of however many race', async () => {
      const { record, id } = await someEvents(40);
      const owners = Array.from({ length: 8 }, () => randomName('owner'));
      const given = await Promise.all(owners.map((owner) => leaseAll(record, { owner, campaignId: id, most: 7 })));
      const taken = ids(given.flat());
      expect(new Set(taken).size).toBe(taken.length);
      const rest = await leaseAll(record, { owner: 'the last', campaignId: id });
      expect(new Set([...taken, ...ids(rest)]).size).toBe(40);
      expect(taken.length + rest.length).toBe(40);
    });

    it('gives what is due, longest due first, without what is put off', async () => {
      const { record, id } = await someEvents(3);
      const now = record.clock.now();
      const [first, second, third] = await eventsOf(record, id);
      const postpone = async (event: FailedEvent | undefined, retryAt: number) => {
        const [event_, owner] = await leased(record, event);
        await record.failedEvents.postpone(event_, owner, retryAt);
      };
      const due = (at: number) => leaseAll(record, { owner: 'one', campaignId: id, which: 'due', now: at });
      await postpone(first, now + 20);
      await postpone(second, now + 10);
      expect(ids(await due(now + 9))).toEqual([third?.id]);
      expect(ids(await due(now + 10))).toEqual([third?.id, second?.id]);
      expect(ids(await due(now + 20))).toEqual([third?.id, second?.id, first?.id]);
    });

    it('does not count what has reached the most attempts as due', async () => {
      const record = await make();
      const { grant, id } = await refused(record);
      const due = () => leaseAll(record, { owner: 'one', campaignId: grant.campaignId, which: 'due' });
      for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
        expect(ids(await due())).toEqual([id]);
        await record.failedEvents.reissue(id, 'one', record.clock.now(), record.clock.now(), 'leader');
      }
      expect(await record.failedEvents.find(id)).toMatchObject({ status: 'open', attempts: MOST_ATTEMPTS });
      expect(await due()).toEqual([]);
      expect(ids(await leaseAll(record, { owner: 'one', campaignId: grant.campaignId }))).toEqual([id]);
    });

    it('gives all after an id oldest first, due or not', async () => {
      const { record, id } = await someEvents(3);
      const [first, second, third] = await eventsOf(record, id);
      const [event, owner] = await leased(record, first);
      await record.failedEvents.postpone(event, owner, record.clock.now() + 10);
      const all = await leaseAll(record, { owner: 'one', campaignId: id });
      expect(ids(all)).toEqual([first?.id, second?.id, third?.id]);
      const rest = await leaseAll(record, { owner: 'one', campaignId: id, which: { after: first?.id ?? '' } });
      expect(ids(rest)).toEqual([second?.id, third?.id]);
    });

    it('leases one failed event, and says where somebody else works on it, or there is none', async () => {
      const { record, id } = await someEvents(1);
      const [event] = await eventsOf(record, id);
      const now = record.clock.now();
      const ask = (owner: string, at = now) => record.failedEvents.leaseOne(event?.id ?? '', owner, at, at + 10);
      expect(await ask('one')).toEqual(event);
      expect(await ask('another')).toBe('leased');
      expect(await ask('one')).toEqual(event);
      expect(await leaseAll(record, { owner: 'another', campaignId: id })).toEqual([]);
      expect(await ask('another', now + 10)).toEqual(event);
      for (const never of ['', '0', '9223372036854775807', '99999999999999999999', 'x']) {
        expect(await record.failedEvents.leaseOne(never, 'one', now, now + 10)).toBeNull();
      }
    });

    it('answers one that is not open, or can never become a coupon, without a lease', async () => {
      const record = await make();
      const done = await aHeldEvent(record);
      await reissue(record, done);
      const found = await record.failedEvents.find(done.id);
      const now = record.clock.now();
      for (const owner of ['one', 'another']) {
        expect(await record.failedEvents.leaseOne(done.id, owner, now, now + 10)).toEqual(found);
      }
    });

    it('gives a lease back, to be due again only after retryAt, without counting an attempt', async () => {
      const { record, id } = await someEvents(1);
      const now = record.clock.now();
      const [event] = await leaseAll(record, { owner: 'one', campaignId: id });
      const due = (at: number) => leaseAll(record, { owner: 'another', campaignId: id, which: 'due', now: at });
      await record.failedEvents.postpone(event?.id ?? '', 'somebody else', now);
      expect(await due(now)).toEqual([]);
      await record.failedEvents.postpone(event?.id ?? '', 'one', now + 5);
      expect(await due(now + 4)).toEqual([]);
      expect(await due(now + 5)).toMatchObject([{ attempts: 0 }]);
    });
  });

  describe('reissuing', () => {
    it('turns an open failed event into a coupon, and closes it', async () => {
      const record = await make();
      const event = await aHeldEvent(record);
      const { campaignId, userId } = event.grant;
      const now = record.clock.now() + 5;
      expect(await reissue(record, event, { now })).toEqual({ kind: 'reissued' });
      expect(await record.coupons.find(campaignId, userId)).toMatchObject({ sequence: 1, issuedAt: now });
      expect(await record.failedEvents.find(event.id)).toMatchObject({ status: 'reissued', updatedAt: now });
      const account = await record.issuance.account(campaignId, { epoch: 1, counter: 1, pending: [] });
      expect(account).toMatchObject({ failed: 0 });
    });

    it('makes one coupon however often it reissues', async () => {
      const record = await make();
      const event = await aHeldEvent(record);
      const [id, owner] = await leased(record, event);
      const now = record.clock.now();
      const outcomes = await Promise.all(
        Array.from({ length: 5 }, () => record.failedEvents.reissue(id, owner, now, now, 'leader')),
      );
      expect(outcomes.map(({ kind }) => kind).toSorted()).toEqual([...Array(4).fill('lease-lost'), 'reissued']);
      const account = await record.issuance.account(event.grant.campaignId, { epoch: 1, counter: 1, pending: [] });
      expect(account).toMatchObject({ issued: 1 });
      expect(await stepsOf(record, id)).toEqual(['kept', 'reissued']);
    });

    it('closes every open failed event of the grant, the ones that hold no slot too', async () => {
      const record = await make();
      const { id } = await newCampaign(record);
      const grant = aGrant(id, 1);
      await record.failedEvents.keep([aFailure(grant, { holdsSlot: false }), aFailure(grant)]);
      const [first, second] = await eventsOf(record, id);
      await reissue(record, first);
      expect(await eventsOf(record, id, 'open')).toEqual([]);
      expect(await stepsOf(record, first?.id)).toEqual(['kept', 'reissued']);
      expect(await stepsOf(record, second?.id)).toEqual(['kept', 'closed']);
    });

    it('reissues what holds a slot after a rebuild that counted it among the holders', async () => {
      const record = await make();
      const { id } = await newCampaign(record);
      await record.failedEvents.keep([aFailure(aGrant(id, 1)), aFailure(aGrant(id, 2), { holdsSlot: false })]);
      const epoch = (await record.issuance.raiseEpoch(id)) ?? 0;
      await record.issuance.snapshot(id, epoch, record.clock.now());
      const [held, free] = await eventsOf(record, id);
      expect(await reissue(record, held)).toEqual({ kind: 'reissued' });
      expect(await reissue(record, free)).toMatchObject({ kind: 'still-failing' });
      expect(await record.failedEvents.find(free?.id ?? '')).toMatchObject({ reason: 'late-epoch', attempts: 1 });
    });

    it('leaves open what is still refused, with one attempt more, and due again only after retryAt', async () => {
      const record = await make();
      const campaign = await newCampaign(record, 5);
      const taken = aGrant(campaign.id, 1);
      await record.coupons.issue([taken]);
      const stillRefused: readonly Grant[] = [
        aGrant(randomCampaignId(), 1),
        aGrant(campaign.id, 1),
        { ...taken, sequence: 2 },
        aGrant(campaign.id, 6),
        aGrant(campaign.id, 3, { epoch: 9 }),
      ];
      const now = record.clock.now();
      for (const grant of stillRefused) {
        await record.failedEvents.keep([aFailure(grant)]);
        const event = await only(record, grant);
        expect(await reissue(record, event, { retryAt: now + 10 })).toMatchObject({ kind: 'still-failing' });
        expect(await record.failedEvents.find(event.id)).toMatchObject({ status: 'open', attempts: 1 });
        const { campaignId } = grant;
        const due = (at: number) => leaseAll(record, { owner: 'one', campaignId, which: 'due', now: at });
        expect(ids(await due(now + 9))).not.toContain(event.id);
        expect(ids(await due(now + 10))).toContain(event.id);
      }
      const account = await record.issuance.account(campaign.id, { epoch: 1, counter: 6, pending: [] });
      expect(account).toMatchObject({ issued: 1 });
    });

    it('changes nothing, and counts no attempt, for whoever does not hold the lease any more', async () => {
      const record = await make();
      const held = await aHeldEvent(record);
      const { id } = await refused(record);
      const now = record.clock.now();
      for (const event of [held.id, id]) {
        const [slow, fast] = [randomName('slow'), randomName('fast')];
        await record.failedEvents.leaseOne(event, slow, now, now + 1);
        expect(await record.failedEvents.leaseOne(event, fast, now + 1, now + 2)).toMatchObject({ id: event });
        expect(await record.failedEvents.reissue(event, slow, now, now, 'leader')).toEqual({ kind: 'lease-lost' });
        await record.failedEvents.postpone(event, slow, now + 1_000);
        await record.failedEvents.closeReadmitted(event, slow, now, 'leader');
        expect(await record.failedEvents.find(event)).toMatchObject({ status: 'open', attempts: 0 });
        expect(await stepsOf(record, event)).toEqual(['kept']);
        expect(await record.failedEvents.reissue(event, fast, now, now, 'leader')).not.toMatchObject({
          kind: 'lease-lost',
        });
      }
      expect(await record.failedEvents.reissue('0', 'one', now, now, 'leader')).toEqual({ kind: 'lease-lost' });
    });

    it('lets whoever was slow go on where nobody else took the event', async () => {
      const record = await make();
      const { id } = await aHeldEvent(record);
      const now = record.clock.now();
      await record.failedEvents.leaseOne(id, 'slow', now, now + 1);
      const late = now + LEASE_MS;
      expect(await record.failedEvents.reissue(id, 'slow', late, late, 'leader')).toEqual({ kind: 'reissued' });
    });

    it('gives the lease back with each outcome', async () => {
      const record = await make();
      const late = aGrant((await newCampaign(record)).id, 1);
      await record.failedEvents.keep([aFailure(late, { reason: 'late-epoch', holdsSlot: false })]);
      for (const event of [await refused(record), await only(record, late)]) {
        await reissue(record, event);
        const now = record.clock.now();
        expect(await record.failedEvents.leaseOne(event.id, 'another', now, now + 1)).toMatchObject({ id: event.id });
      }
    });

    it('never leases a malformed event', async () => {
      const record = await make();
      await record.failedEvents.keep([aFailure(null)]);
      const all = await leaseAll(record, { owner: randomName('owner'), campaignId: null, most: 10_000 });
      expect(all.every(({ grant }) => grant !== null)).toBe(true);
    });

    it('leaves what came too late to a new admission', async () => {
      const record = await make();
      const grant = aGrant((await newCampaign(record)).id, 1);
      await record.failedEvents.keep([aFailure(grant, { reason: 'late-epoch', holdsSlot: false })]);
      const event = await only(record, grant);
      expect(await reissue(record, event)).toMatchObject({ kind: 'not-reissuable' });
    });

    it('closes an open failed event whose user was admitted anew', async () => {
      const record = await make();
      const grant = aGrant(randomCampaignId(), 1);
      await record.failedEvents.keep([aFailure(grant, { reason: 'late-epoch', holdsSlot: false })]);
      const event = await only(record, grant);
      const now = record.clock.now() + 7;
      await closeReadmitted(record, event, now);
      await closeReadmitted(record, event, now + 1);
      expect(await record.failedEvents.find(event.id)).toMatchObject({ status: 'reissued', updatedAt: now });
      expect(await stepsOf(record, event.id)).toEqual(['kept', 'readmitted']);
    });
  });

  describe('the history', () => {
    it('has every step, oldest first, with its time, who took it and why', async () => {
      const record = await make();
      const { clock, failedEvents } = record;
      const kept = clock.now();
      const { id, grant } = await refused(record);
      const [, owner] = await leased(record, { id });
      await failedEvents.reissue(id, owner, kept + 1, kept + 1, 'operator');
      await record.campaigns.create(
        { id: grant.campaignId, name: 'Welcome', limit: 5, startsAt: null, endsAt: null },
        kept,
      );
      const [, again] = await leased(record, { id });
      await failedEvents.reissue(id, again, kept + 2, kept + 2, 'leader');
      const unknown = `unknown-campaign: campaign ${grant.campaignId} is not recorded`;
      expect(await failedEvents.history(id)).toEqual([
        { at: kept, actor: 'consumer', step: 'kept', detail: 'rejected: the data was refused' },
        { at: kept + 1, actor: 'operator', step: 'refused', detail: unknown },
        { at: kept + 2, actor: 'leader', step: 'reissued', detail: `coupon ${grant.campaignId}/1` },
      ]);
      expect(await failedEvents.history('0')).toEqual([]);
      expect(await failedEvents.history('x')).toEqual([]);
    });

    it('says that a coupon which was issued later closed the event', async () => {
      const record = await make();
      const { id } = await newCampaign(record);
      const grant = aGrant(id, 1);
      await record.failedEvents.keep([aFailure(grant, { holdsSlot: false }), aFailure(grant, { holdsSlot: false })]);
      record.clock.time += 3;
      await record.coupons.issue([grant]);
      for (const event of await eventsOf(record, id)) {
        expect(event).toMatchObject({ status: 'reissued', updatedAt: record.clock.now() });
        expect((await record.failedEvents.history(event.id)).slice(1)).toEqual([
          { at: record.clock.now(), actor: 'consumer', step: 'closed', detail: expect.stringContaining('coupon') },
        ]);
      }
    });

    it('is the same where an event is kept again', async () => {
      const record = await make();
      const { id } = await newCampaign(record);
      const failure = aFailure(aGrant(id, 1));
      const copies = Array.from({ length: 4 }, () => record.failedEvents.keep([failure, failure]));
      await Promise.all(copies);
      const [event] = await eventsOf(record, id);
      expect(await stepsOf(record, event?.id)).toEqual(['kept']);
    });
  });
}

/** An event that is refused at every attempt: its campaign is not recorded. */
async function refused(record: PermanentRecord): Promise<FailedEvent & { grant: Grant }> {
  const grant = aGrant(randomCampaignId(), 1);
  await record.failedEvents.keep([aFailure(grant)]);
  return { ...(await only(record, grant)), grant };
}

const stepsOf = async (record: PermanentRecord, id: string | undefined) =>
  (await record.failedEvents.history(id ?? '')).map(({ step }) => step);
