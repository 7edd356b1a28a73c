import { describe, expect, it } from 'vitest';
import { DomainError } from '../../src/domain/domain-error.ts';
import type { FailedEvent, FailedEventFilter } from '../../src/domain/failed-event.ts';
import { parseUserId } from '../../src/domain/user-id.ts';
import { aFailure, aGrant, aRawEvent, newCampaign, type PermanentRecord } from '../support/permanent-record.ts';
import { randomCampaignId, randomUserId } from '../support/random.ts';
import { failedEventLeases } from './failed-event-leases.contract.ts';
import { closeReadmitted, eventsOf, only, reissue } from './failed-event-store.subject.ts';

export function failedEventStoreContract(name: string, make: () => Promise<PermanentRecord>): void {
  describe(`${name} as a FailedEventStore`, () => {
    describe('keeping', () => {
      it('keeps failures with their reason and raw content', async () => {
        const record = await make();
        const { id } = await newCampaign(record);
        const grant = aGrant(id, 1, { userId: parseUserId('9223372036854775807') });
        const failure = aFailure(grant, { reason: 'rejected', detail: 'ünlesbar \u{1f9e8}' });
        await record.failedEvents.keep([failure]);
        const [kept] = await eventsOf(record, id);
        const now = record.clock.now();
        expect(kept).toEqual({
          ...failure,
          raw: sameBytes(failure.raw),
          id: expect.stringMatching(/^[1-9]\d*$/),
          status: 'open',
          attempts: 0,
          createdAt: now,
          updatedAt: now,
        });
        expect(await record.failedEvents.find(kept?.id ?? '')).toEqual(kept);
      });

      it('keeps what no grant can be read from', async () => {
        const record = await make();
        const raw = aRawEvent({ key: null, value: null, headers: [], length: 0 });
        await record.failedEvents.keep([aFailure(null, { raw })]);
        const kept = await newest(record);
        expect(kept).toMatchObject({
          grant: null,
          reason: 'malformed',
          holdsSlot: false,
          raw: { key: null, value: null },
        });
        expect(kept?.raw.headers).toEqual([]);
      });

      it('keeps a grant whose time no calendar knows', async () => {
        const record = await make();
        const grant = aGrant(randomCampaignId(), Number.MAX_SAFE_INTEGER, { grantedAt: -1, epoch: 2 ** 40 });
        await record.failedEvents.keep([aFailure(grant), aFailure({ ...grant, sequence: 1, grantedAt: 8.64e15 })]);
        const kept = await eventsOf(record, grant.campaignId);
        expect(kept.map((event) => event.grant)).toEqual([grant, { ...grant, sequence: 1, grantedAt: 8.64e15 }]);
      });

      it('adds nothing where the same event is kept again', async () => {
        const record = await make();
        const { id } = await newCampaign(record);
        const failure = aFailure(aGrant(id, 1));
        const malformed = aFailure(null, { raw: aRawEvent() });
        await record.failedEvents.keep([failure, malformed, failure]);
        await Promise.all(Array.from({ length: 5 }, () => record.failedEvents.keep([malformed, failure])));
        expect(await eventsOf(record, id)).toHaveLength(1);
        expect(await countOf(record, malformed.raw.digest)).toBe(1);
      });

      it('keeps an event of a recreated topic, whose offsets start again', async () => {
        const record = await make();
        const { id } = await newCampaign(record);
        const raw = aRawEvent();
        const again = { ...aRawEvent(), topic: raw.topic, partition: raw.partition, offset: raw.offset };
        await record.failedEvents.keep([aFailure(aGrant(id, 1), { raw }), aFailure(aGrant(id, 2), { raw: again })]);
        expect(await eventsOf(record, id)).toHaveLength(2);
      });

      it('lets at most one failed event hold the slot of a sequence, and at most one the slot of a user', async () => {
        const record = await make();
        const { id } = await newCampaign(record);
        const grant = aGrant(id, 1);
        await record.failedEvents.keep([aFailure(grant), aFailure(aGrant(id, 1))]);
        await record.failedEvents.keep([aFailure({ ...grant, sequence: 2 }), aFailure(aGrant(id, 3))]);
        expect((await eventsOf(record, id)).map(({ holdsSlot }) => holdsSlot)).toEqual([true, false, false, true]);
      });

      it('does not keep a grant that another failed event holds the slot of', async () => {
        const record = await make();
        const { id } = await newCampaign(record);
        const grant = aGrant(id, 1);
        await record.failedEvents.keep([aFailure(grant), aFailure(grant)]);
        expect(await eventsOf(record, id)).toHaveLength(1);
      });

      it('does not keep a grant that became a coupon meanwhile', async () => {
        const record = await make();
        const { id } = await newCampaign(record);
        const [grant, voided] = [aGrant(id, 1), aGrant(id, 2)];
        await record.coupons.issue([grant]);
        await record.burn(id, 2, voided.userId);
        await record.failedEvents.keep([aFailure(grant), aFailure(grant, { holdsSlot: false }), aFailure(voided)]);
        expect(await eventsOf(record, id)).toEqual([]);
      });

      it('keeps a failure that would hold a slot of an epoch below the minimum without it, as late-epoch', async () => {
        const record = await make();
        const { id } = await newCampaign(record);
        const epoch = (await record.issuance.raiseEpoch(id)) ?? 0;
        await record.issuance.snapshot(id, epoch, record.clock.now());
        await record.failedEvents.keep([aFailure(aGrant(id, 1)), aFailure(aGrant(id, 2, { epoch }))]);
        expect(await eventsOf(record, id)).toMatchObject([
          { holdsSlot: false, reason: 'late-epoch' },
          { holdsSlot: true, reason: 'rejected' },
        ]);
      });

      it('shares nothing with its callers', async () => {
        const record = await make();
        const { id } = await newCampaign(record);
        const failure = aFailure(aGrant(id, 1), { raw: aRawEvent({ value: Uint8Array.of(1) }) });
        await record.failedEvents.keep([failure]);
        failure.raw.value?.fill(9);
        const kept = await only(record, failure.grant);
        for (const ask of [() => only(record, failure.grant), () => record.failedEvents.find(kept.id)]) {
          const given = await ask();
          expect([...(given?.raw.value ?? [])]).toEqual([1]);
          given?.raw.value?.fill(9);
          Object.assign(given?.grant ?? {}, { sequence: 9 });
        }
        const found = await record.failedEvents.find(kept.id);
        expect([...(found?.raw.value ?? [])]).toEqual([1]);
        expect(found?.grant?.sequence).toBe(1);
      });
    });

    describe('finding', () => {
      it('pages failed events, oldest first, without skipping or repeating, of one campaign or status where asked', async () => {
        const record = await make();
        const { id } = await newCampaign(record);
        const failures = Array.from({ length: 5 }, (_, index) => aFailure(aGrant(id, index + 1)));
        await record.failedEvents.keep([...failures, aFailure(aGrant(randomCampaignId(), 1))]);
        const filter: FailedEventFilter = { campaignId: id, status: null };
        const paged: FailedEvent[] = [];
        let cursor: string | null = null;
        do {
          const page: Awaited<ReturnType<typeof record.failedEvents.page>> = await record.failedEvents.page(filter, {
            limit: 2,
            cursor,
          });
          paged.push(...page.items);
          cursor = page.nextCursor;
        } while (cursor !== null);
        expect(paged.map((event) => event.grant?.sequence)).toEqual([1, 2, 3, 4, 5]);
        await reissue(record, paged[1]);
        expect(await eventsOf(record, id, 'reissued')).toHaveLength(1);
        expect(await eventsOf(record, id, 'open')).toHaveLength(4);
        expect(await eventsOf(record, id, 'void')).toEqual([]);
      });

      it('refuses a cursor that no page gave', async () => {
        const record = await make();
        const filter: FailedEventFilter = { campaignId: null, status: null };
        await expect(record.failedEvents.page(filter, { limit: 1, cursor: 'nonsense' })).rejects.toThrow(DomainError);
      });

      it('finds nothing under an id that was never given', async () => {
        const record = await make();
        for (const id of ['', '0', '9223372036854775807', '99999999999999999999', 'x', '1 or 1=1']) {
          expect(await record.failedEvents.find(id)).toBeNull();
        }
      });

      it('counts how many are open, of one campaign where asked', async () => {
        const record = await make();
        const { id } = await newCampaign(record);
        expect(await record.failedEvents.countOpen(id)).toEqual({ reissuable: 0, malformed: 0 });
        const { reissuable, malformed } = await record.failedEvents.countOpen(null);
        await record.failedEvents.keep([aFailure(aGrant(id, 1)), aFailure(aGrant(id, 2)), aFailure(null)]);
        expect(await record.failedEvents.countOpen(id)).toEqual({ reissuable: 2, malformed: 0 });
        const all = { reissuable: reissuable + 2, malformed: malformed + 1 };
        expect(await record.failedEvents.countOpen(null)).toEqual(all);
        await reissue(record, (await eventsOf(record, id))[0]);
        expect(await record.failedEvents.countOpen(id)).toEqual({ reissuable: 1, malformed: 0 });
      });

      it("answers the open failed event of a user's grant, the one that holds a slot first, or null", async () => {
        const record = await make();
        const { id } = await newCampaign(record);
        const grant = aGrant(id, 2);
        await record.failedEvents.keep([
          aFailure({ ...grant, sequence: 1 }, { holdsSlot: false, reason: 'user-conflict' }),
          aFailure(grant),
        ]);
        const { userId } = grant;
        expect(await record.failedEvents.openFailureOf(id, userId)).toEqual({
          userId,
          sequence: 2,
          reason: 'rejected',
        });
        expect(await record.failedEvents.openFailureOf(id, randomUserId())).toBeNull();
        for (const event of await eventsOf(record, id)) await closeReadmitted(record, event);
        expect(await record.failedEvents.openFailureOf(id, userId)).toBeNull();
      });

      it('puts a failed event that came too late before those that hold no slot for another reason', async () => {
        const record = await make();
        const { id } = await newCampaign(record);
        const grant = aGrant(id, 2);
        await record.failedEvents.keep([
          aFailure({ ...grant, sequence: 1 }, { holdsSlot: false, reason: 'rejected' }),
          aFailure(grant, { holdsSlot: false, reason: 'late-epoch' }),
        ]);
        expect(await record.failedEvents.openFailureOf(id, grant.userId)).toMatchObject({ reason: 'late-epoch' });
      });
    });

    failedEventLeases(make);
  });
}

const sameBytes = (raw: FailedEvent['raw']) =>
  expect.objectContaining({
    topic: raw.topic,
    partition: raw.partition,
    offset: raw.offset,
    length: raw.length,
    digest: raw.digest,
    key: raw.key && Uint8Array.from(raw.key),
    value: raw.value && Uint8Array.from(raw.value),
    headers: raw.headers.map(([name, value]) => [name, Uint8Array.from(value)]),
  });

async function everyEvent(record: PermanentRecord): Promise<readonly FailedEvent[]> {
  const all: FailedEvent[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof record.failedEvents.page>> = await record.failedEvents.page(
      { campaignId: null, status: null },
      { limit: 100, cursor },
    );
    all.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return all;
}

const newest = async (record: PermanentRecord): Promise<FailedEvent | undefined> => (await everyEvent(record)).at(-1);

const countOf = async (record: PermanentRecord, digest: string): Promise<number> =>
  (await everyEvent(record)).filter(({ raw }) => raw.digest === digest).length;
