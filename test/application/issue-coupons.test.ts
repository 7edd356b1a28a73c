import { describe, expect, it } from 'vitest';
import { IssueCoupons } from '../../src/application/issue-coupons.ts';
import type { CampaignId } from '../../src/domain/campaign-id.ts';
import type { FailedEvent, ReceivedEvent } from '../../src/domain/failed-event.ts';
import type { Grant } from '../../src/domain/grant.ts';
import { refusal } from '../../src/domain/refusal.ts';
import type { InMemoryProcess } from '../support/in-memory-process.ts';
import { anOpenCampaign, aWorld, type InMemoryWorld, refuseData } from '../support/in-memory-world.ts';
import { aGrant, aRawEvent } from '../support/permanent-record.ts';
import { randomCampaignId, randomUserId } from '../support/random.ts';

const eventOf = (grant: Grant): ReceivedEvent => ({ raw: aRawEvent(), content: { grant } });

const granted = async ({ counter }: InMemoryProcess, id: CampaignId): Promise<Grant> => {
  const admission = await counter.admit(id, randomUserId());
  if (admission.kind !== 'granted') throw new Error(`the admission is ${admission.kind}`);
  return admission.grant;
};

/** The same over a record that refuses the data of every grant. */
const refusing = ({ failedEvents, counters, coupons }: InMemoryProcess): IssueCoupons =>
  new IssueCoupons(
    {
      issue: async (grants) => grants.map(() => refusal('rejected', 'Data too long')),
      find: (...asked) => coupons.find(...asked),
      listOf: (...asked) => coupons.listOf(...asked),
    },
    failedEvents,
    counters,
  );

const failures = async ({ failedEvents }: InMemoryProcess, campaignId: CampaignId | null) =>
  (await failedEvents.page({ campaignId, status: null }, { limit: 100, cursor: null })).items;

const only = async (process: InMemoryProcess, id: CampaignId | null): Promise<FailedEvent | undefined> => {
  const kept = await failures(process, id);
  expect(kept).toHaveLength(1);
  return kept[0];
};

async function aCampaign(): Promise<{ world: InMemoryWorld; process: InMemoryProcess; id: CampaignId }> {
  const { world, process } = await aWorld();
  return { world, process, id: await anOpenCampaign(process, 10) };
}

it('makes a coupon of every grant of a batch, and reports it', async () => {
  const { world, process, id } = await aCampaign();
  const grants = [await granted(process, id), await granted(process, id), await granted(process, id)];
  const report = await process.issueCoupons.execute(grants.map(eventOf));
  expect(report).toEqual({ issued: 3, alreadyRecorded: 0, failed: 0 });
  expect(world.coupons(id)).toEqual(grants.map(({ userId, sequence }) => [userId, sequence]));
});

it('absorbs duplicates, in one batch and in later ones', async () => {
  const { world, process, id } = await aCampaign();
  const event = eventOf(await granted(process, id));
  const first = await process.issueCoupons.execute([event, event]);
  expect(first).toEqual({ issued: 1, alreadyRecorded: 1, failed: 0 });
  expect(await process.issueCoupons.execute([event])).toEqual({ issued: 0, alreadyRecorded: 1, failed: 0 });
  expect(world.coupons(id)).toHaveLength(1);
});

it('does nothing with an empty batch', async () => {
  const { process } = await aCampaign();
  expect(await process.issueCoupons.execute([])).toEqual({ issued: 0, alreadyRecorded: 0, failed: 0 });
});

describe('what cannot become a coupon', () => {
  it('is kept as malformed where no grant can be read from it', async () => {
    const { process } = await aCampaign();
    const raw = aRawEvent({ key: Uint8Array.of(1), headers: [['ce_id', Uint8Array.of(0xff)]] });
    const event: ReceivedEvent = { raw, content: { malformed: 'the value has 7 bytes' } };
    await process.issueCoupons.execute([event]);
    const kept = await only(process, null);
    expect(kept).toMatchObject({ reason: 'malformed', detail: 'the value has 7 bytes', grant: null, holdsSlot: false });
    expect(kept?.raw).toEqual(event.raw);
  });

  it('is kept as unknown-campaign where the campaign is not recorded', async () => {
    const { process } = await aCampaign();
    const id = randomCampaignId();
    await process.issueCoupons.execute([eventOf(aGrant(id, 1))]);
    expect(await only(process, id)).toMatchObject({ reason: 'unknown-campaign', holdsSlot: false });
  });

  it('is kept as sequence-conflict where another user has the coupon', async () => {
    const { process, id } = await aCampaign();
    const grant = await granted(process, id);
    await process.issueCoupons.execute([eventOf(grant), eventOf(aGrant(id, grant.sequence))]);
    expect(await only(process, id)).toMatchObject({ reason: 'sequence-conflict', holdsSlot: false });
  });

  it('is kept as user-conflict where the user has another coupon', async () => {
    const { process, id } = await aCampaign();
    const grant = await granted(process, id);
    await process.issueCoupons.execute([eventOf(grant), eventOf({ ...grant, sequence: 2 })]);
    expect(await only(process, id)).toMatchObject({ reason: 'user-conflict', holdsSlot: false });
  });

  it('is kept as rejected where the record refuses the data', async () => {
    const { process, id } = await aCampaign();
    await process.issueCoupons.execute([eventOf(aGrant(id, 11))]);
    expect(await only(process, id)).toMatchObject({ reason: 'rejected', holdsSlot: false });
  });

  it('is kept as late-epoch, without a slot, where the counter was rebuilt without it', async () => {
    const { world, process, id } = await aCampaign();
    const grant = await granted(process, id);
    world.store.lose(id, 'users');
    await world.finish(process.keepOpen());
    await process.issueCoupons.execute([eventOf(grant)]);
    expect(await only(process, id)).toMatchObject({ reason: 'late-epoch', grant, holdsSlot: false });
  });

  it('is kept as late-epoch without asking the counter, which may be away', async () => {
    const { world, process, id } = await aCampaign();
    const grant = await granted(process, id);
    world.store.lose(id, 'users');
    await world.finish(process.keepOpen());
    world.store.suffer('away');
    await process.issueCoupons.execute([eventOf(grant)]);
    expect(await only(process, id)).toMatchObject({ reason: 'late-epoch', holdsSlot: false });
  });

  it('keeps nobody else from his coupon, and each outcome with its own event', async () => {
    const { world, process, id } = await aCampaign();
    const malformed: ReceivedEvent = { raw: aRawEvent(), content: { malformed: 'odd headers' } };
    const [first, second] = [eventOf(await granted(process, id)), eventOf(await granted(process, id))];
    const forged = eventOf(aGrant(id, 11));
    const report = await process.issueCoupons.execute([malformed, first, forged, second, first]);
    expect(report).toEqual({ issued: 2, alreadyRecorded: 1, failed: 2 });
    expect(world.coupons(id)).toHaveLength(2);
    const kept = await failures(process, null);
    expect(kept.map(({ raw, reason }) => [raw.digest, reason])).toEqual([
      [malformed.raw.digest, 'malformed'],
      [forged.raw.digest, 'rejected'],
    ]);
  });
});

describe('a failed event', () => {
  it('holds the slot of a grant that the counter confirms', async () => {
    const { world, process, id } = await aCampaign();
    const grant = await granted(process, id);
    refuseData(world, id);
    await process.issueCoupons.execute([eventOf(grant)]);
    expect(await only(process, id)).toMatchObject({ reason: 'rejected', holdsSlot: true });
  });

  it.each(['meta', 'users'] as const)(
    'holds its slot where the counter has lost its %s, and nobody else is told its sequence',
    async (part) => {
      const { world, process, id } = await aCampaign();
      const grant = await granted(process, id);
      world.store.lose(id, part);
      await refusing(process).execute([eventOf(grant)]);
      expect(await only(process, id)).toMatchObject({ reason: 'rejected', holdsSlot: true });
      await world.finish(process.keepOpen());
      expect(await granted(process, id)).toMatchObject({ sequence: 2 });
      expect(await process.counter.find(id, grant.userId)).toMatchObject({ kind: 'granted', sequence: grant.sequence });
    },
  );

  it('holds no slot while the counter does not know, where no counter can have made its grant', async () => {
    const { world, process, id } = await aCampaign();
    const grant = await granted(process, id);
    world.store.lose(id, 'users');
    await process.issueCoupons.execute([eventOf({ ...grant, sequence: 1_000_000 })]);
    expect(await only(process, id)).toMatchObject({ reason: 'rejected', holdsSlot: false });
  });

  it('holds no slot where the counter granted something else to that user', async () => {
    const { world, process, id } = await aCampaign();
    const grant = await granted(process, id);
    refuseData(world, id);
    const forged = [
      { ...grant, sequence: 2 },
      { ...grant, userId: randomUserId() },
    ];
    await process.issueCoupons.execute(forged.map(eventOf));
    expect((await failures(process, id)).map(({ holdsSlot }) => holdsSlot)).toEqual([false, false]);
  });
});

describe('an outage', () => {
  const OUTAGES = [
    ['coupons', 'database'],
    ['failedEvents', 'database'],
    ['counters', 'counter'],
  ] as const;

  it.each(OUTAGES)(
    'of %s rejects and keeps no failed event, and the same batch is handled later',
    async (port, name) => {
      const { world, process, id } = await aCampaign();
      const accept = refuseData(world, id);
      const events = [eventOf(await granted(process, id)), eventOf(aGrant(id, 11))];
      process.calls.away(port, name);
      await expect(process.issueCoupons.execute(events)).rejects.toMatchObject({ name: 'Unavailable' });
      process.calls.back(port);
      expect(await failures(process, id)).toEqual([]);
      accept();
      expect(await process.issueCoupons.execute(events)).toEqual({ issued: 1, alreadyRecorded: 0, failed: 1 });
    },
  );

  it('of the record for minutes loses nothing and makes no failed event', async () => {
    const { world, process, id } = await aCampaign();
    process.calls.away('coupons', 'database');
    const user = randomUserId();
    await process.applyForCoupon.execute(id, user);
    await world.pass(120_000);
    expect(world.coupons(id)).toEqual([]);
    process.calls.back('coupons');
    await world.drain(process);
    expect(world.coupons(id)).toEqual([[user, 1]]);
    expect(await failures(process, null)).toEqual([]);
  });

  it('between coupons and failed events leaves a batch that can be handled again', async () => {
    const { world, process, id } = await aCampaign();
    const events = [eventOf(await granted(process, id)), eventOf(aGrant(id, 11))];
    const crash = process.calls.stopBefore('failedEvents.keep');
    void process.issueCoupons.execute(events);
    await crash.reached;
    expect(world.coupons(id)).toHaveLength(1);
    expect(await process.issueCoupons.execute(events)).toEqual({ issued: 0, alreadyRecorded: 1, failed: 1 });
    expect(await failures(process, id)).toHaveLength(1);
  });
});
