import { describe, expect, it } from 'vitest';
import { ARCHIVE_AFTER } from '../../src/domain/campaign.ts';
import type { CampaignId } from '../../src/domain/campaign-id.ts';
import { STALE_AFTER } from '../../src/domain/publish-deadline.ts';
import { anOpenCampaign, anotherProcess, applyAll, aWorld, refuseData, someUsers } from '../support/in-memory-world.ts';
import { randomUserId } from '../support/random.ts';

const MISSING = { kind: 'unknown', reason: 'missing' };
const OPEN_FOR = 1_000;

/** A campaign in which some were granted a coupon, and which has ended long enough ago. */
async function anEndedCampaign() {
  const { world, process } = await aWorld();
  const leader = await anotherProcess(world);
  const endsAt = world.time.now() + OPEN_FOR;
  const id = await anOpenCampaign(process, 5, { endsAt });
  const [told = randomUserId(), ...others] = someUsers(3);
  await applyAll(process, id, [told, ...others]);
  await world.drain(process);
  const stays = await anOpenCampaign(process, 5);
  world.time.advance(OPEN_FOR + ARCHIVE_AFTER);
  const archivedAt = async (campaign: CampaignId = id) => (await process.campaigns.find(campaign))?.archivedAt ?? null;
  return { world, process, leader, id, stays, told, endsAt, archivedAt };
}

describe('a campaign that ended a day ago and is settled', () => {
  it('is marked archived in the record and removed from the counter, and no other is', async () => {
    const { world, process, id, stays, archivedAt } = await anEndedCampaign();
    await process.archive();
    expect(await process.campaigns.find(id)).toMatchObject({ archivedAt: world.time.now(), archivedGranted: 3 });
    expect(await process.counter.standing(id)).toEqual(MISSING);
    expect(world.journal.lines).toContainEqual({
      level: 'info',
      message: 'campaign archived',
      details: { campaign: id, granted: 3 },
    });
    expect(await archivedAt(stays)).toBeNull();
    expect(await process.counter.standing(stays)).toMatchObject({ kind: 'open' });
  });

  it('answers from the record afterwards', async () => {
    const { process, id, told, endsAt } = await anEndedCampaign();
    await process.archive();
    const ended = { id, name: 'Welcome', limit: 5, startsAt: null, endsAt, state: 'ended' };
    expect(await process.applyForCoupon.execute(id, told)).toEqual({ kind: 'ended' });
    expect(await process.applyForCoupon.execute(id, randomUserId())).toEqual({ kind: 'ended' });
    expect(await process.findApplication.execute(id, told)).toMatchObject({ kind: 'issued', sequence: 1 });
    expect(await process.findApplication.execute(id, randomUserId())).toEqual({ kind: 'application-not-found' });
    const shown = { ...ended, granted: 3, remaining: 2 };
    expect(await process.showCampaign.execute(id)).toEqual({ kind: 'shown', campaign: shown });
    const nothing = { pending: 0, inFlight: 0, failed: 0, burnt: 0, unaccounted: 0, lag: 0 };
    expect(await process.accountForCampaigns.one(id)).toEqual({ ...ended, granted: 3, issued: 3, ...nothing });
  });

  it('is changed, rebuilt, republished and opened by nobody any more', async () => {
    const { process, id, endsAt } = await anEndedCampaign();
    await process.archive();
    const record = await process.campaigns.find(id);
    for (const patch of [{ limit: 9 }, { limit: 1 }, { endsAt: null }, { name: 'New' }]) {
      expect(await process.changeCampaign.execute(id, patch)).toEqual({ kind: 'campaign-archived' });
    }
    expect(await process.rebuildCampaign.execute(id)).toEqual({ kind: 'campaign-archived' });
    expect(await process.republishGrants.execute(id)).toEqual({ kind: 'campaign-archived' });
    const terms = { name: 'Welcome', limit: 5, startsAt: null, endsAt };
    expect(await process.openCampaign.execute({ id, ...terms })).toBe('archived');
    expect(await process.openCampaign.execute({ id, ...terms, limit: 6 })).toBe('exists');
    await process.compareTerms.execute();
    await process.settlePendingGrants.execute();
    await process.keepOpen();
    expect(await process.campaigns.find(id)).toEqual(record);
    expect(await process.counter.standing(id)).toEqual(MISSING);
  });

  it('is not brought back by a counter that is opened anew, nor by an older copy of it', async () => {
    const { world, process, id, stays } = await anEndedCampaign();
    const older = world.store.copy();
    await process.archive();
    world.store.restart(older);
    await world.finish(process.keepOpen());
    expect(world.journal.lines.map(({ message }) => message)).not.toContain(
      'campaigns that are not recorded were closed',
    );
    // As every process does that watches its dependencies.
    await process.directory.opened();
    expect(await process.applyForCoupon.execute(id, randomUserId())).toEqual({ kind: 'ended' });
    expect(await process.counter.standing(stays)).toMatchObject({ kind: 'open' });
    await process.archive();
    expect(await process.counter.standing(id)).toEqual(MISSING);
    expect(world.store.copy().has(id)).toBe(false);
  });

  it('has its late events become coupons or failed events all the same', async () => {
    const { world, process, id } = await anEndedCampaign();
    await process.archive();
    const [late, bad] = [randomUserId(), randomUserId()];
    const grantedAt = world.time.now();
    world.log.append({ campaignId: id, userId: late, sequence: 4, epoch: 1, grantedAt });
    world.log.append({ campaignId: id, userId: bad, sequence: 4_000, epoch: 1, grantedAt });
    await world.drain(process);
    expect(world.coupons(id)).toContainEqual([late, 4]);
    expect(await process.findApplication.execute(id, late)).toMatchObject({ kind: 'issued' });
    expect(await process.findApplication.execute(id, bad)).toEqual({ kind: 'failed', sequence: 4_000 });
  });

  it('is asked about once, and not in every round', async () => {
    const { process } = await anEndedCampaign();
    await process.archive();
    await process.archive();
    expect(process.calls.count('counters.retire')).toBe(1);
  });
});

describe('a campaign is not archived', () => {
  it('before a day has passed since its end', async () => {
    const { world, process } = await aWorld();
    const endsAt = world.time.now() + OPEN_FOR;
    const id = await anOpenCampaign(process, 5, { endsAt });
    world.time.advance(OPEN_FOR + ARCHIVE_AFTER - 1);
    await process.archive();
    expect(await process.campaigns.find(id)).toMatchObject({ archivedAt: null });
    world.time.advance(1);
    await process.archive();
    expect(await process.campaigns.find(id)).toMatchObject({ archivedAt: world.time.now() });
  });

  it('while a grant is pending', async () => {
    const { world, process, id, archivedAt } = await anEndedCampaign();
    await process.counter.admit(id, randomUserId(), 'any-time');
    await process.archive();
    expect(await archivedAt()).toBeNull();
    world.time.advance(STALE_AFTER + 1);
    await process.settlePendingGrants.execute();
    await world.drain(process);
    await process.archive();
    expect(await process.campaigns.find(id)).toMatchObject({ archivedGranted: 4 });
  });

  it('while an event of it is an open failed event', async () => {
    const { world, process } = await aWorld();
    const id = await anOpenCampaign(process, 5, { endsAt: world.time.now() + OPEN_FOR });
    const accept = refuseData(world, id);
    await applyAll(process, id, [randomUserId()]);
    await world.drain(process);
    accept();
    world.time.advance(OPEN_FOR + ARCHIVE_AFTER);
    await process.archive();
    expect(await process.campaigns.find(id)).toMatchObject({ archivedAt: null });
    await process.reissueFailedEvents.all(id);
    await process.archive();
    expect(await process.campaigns.find(id)).toMatchObject({ archivedGranted: 1 });
  });

  it('before the consumers have passed what lay in the log when it was looked at', async () => {
    const { world, process, id, archivedAt } = await anEndedCampaign();
    const issue = process.calls.stopBefore('coupons.issue');
    const admission = await process.counter.admit(id, randomUserId(), 'any-time');
    if (admission.kind !== 'granted') throw new Error(`the admission is ${admission.kind}`);
    world.log.append(admission.grant);
    process.counter.settle(admission.grant);
    await issue.reached;
    await world.finish(process.archive());
    expect(await archivedAt()).toBeNull();
    issue.goOn();
    await world.finish(process.archive());
    expect(await process.campaigns.find(id)).toMatchObject({ archivedGranted: 4 });
  });

  it('while something that was granted is recorded nowhere', async () => {
    const { process, id, archivedAt } = await anEndedCampaign();
    const admission = await process.counter.admit(id, randomUserId(), 'any-time');
    if (admission.kind !== 'granted') throw new Error(`the admission is ${admission.kind}`);
    process.counter.settle(admission.grant);
    await process.archive();
    expect(await archivedAt()).toBeNull();
  });

  it('while its counter is closed, or a change has not reached it', async () => {
    const { world, process, id, archivedAt } = await anEndedCampaign();
    await process.campaigns.reserveVersion(id);
    await process.archive();
    expect(await archivedAt()).toBeNull();
    await process.compareTerms.execute();
    await process.rebuildCampaign.execute(id);
    await process.archive();
    expect(await archivedAt()).toBeNull();
    await world.finish(process.keepOpen());
    await process.archive();
    expect(await archivedAt()).not.toBeNull();
  });

  it('where one of the others cannot be looked at, which keeps nobody waiting', async () => {
    const { world, process } = await aWorld();
    const terms = { endsAt: world.time.now() + OPEN_FOR };
    const ids = [await anOpenCampaign(process, 5, terms), await anOpenCampaign(process, 5, terms)].toSorted();
    world.time.advance(OPEN_FOR + ARCHIVE_AFTER);
    const first = process.calls.stopBefore('issuance.account');
    const archived = process.archive();
    await first.reached;
    first.fail(new TypeError('something is wrong with this one'));
    await expect(archived).rejects.toThrow('something is wrong with this one');
    const [one, other] = await Promise.all(ids.map((id) => process.campaigns.find(id)));
    expect([one?.archivedAt, other?.archivedAt]).toEqual([null, world.time.now()]);
  });
});

describe('a change that races the archive', () => {
  const LOOKED_AT = ['counters.sample', 'progress.end', 'issuance.account'];

  it.each(LOOKED_AT)('wins where it comes before the mark, here before %s', async (call) => {
    const { world, process, leader, id, archivedAt } = await anEndedCampaign();
    const middle = leader.calls.stopBefore(call);
    const archiving = leader.archive();
    await middle.reached;
    const endsAt = world.time.now() + OPEN_FOR;
    expect(await process.changeCampaign.execute(id, { endsAt })).toEqual({ kind: 'changed' });
    middle.goOn();
    await archiving;
    expect(await archivedAt()).toBeNull();
    expect(await process.applyForCoupon.execute(id, randomUserId())).toMatchObject({ kind: 'accepted' });
  });

  it.each([{ limit: 9 }, { limit: 4 }, { name: 'New' }])(
    'wins before the mark, be it what it may: %j',
    async (patch) => {
      const { process, leader, id, archivedAt } = await anEndedCampaign();
      const middle = leader.calls.stopBefore('campaigns.archive');
      const archiving = leader.archive();
      await middle.reached;
      expect(await process.changeCampaign.execute(id, patch)).toEqual({ kind: 'changed' });
      middle.goOn();
      await archiving;
      expect(await archivedAt()).toBeNull();
      await leader.archive();
      expect(await process.campaigns.find(id)).toMatchObject({ ...patch, archivedGranted: 3 });
    },
  );

  it.each([{ limit: 9 }, { limit: 4 }, { endsAt: null }])('loses where it comes after the mark: %j', async (patch) => {
    const { world, process, leader, id } = await anEndedCampaign();
    const middle = leader.calls.stopBefore('counters.retire');
    const archiving = leader.archive();
    await middle.reached;
    const record = await process.campaigns.find(id);
    expect(await process.changeCampaign.execute(id, patch)).toEqual({ kind: 'campaign-archived' });
    middle.goOn();
    await archiving;
    expect(await process.campaigns.find(id)).toEqual(record);
    expect(world.store.copy().has(id)).toBe(false);
  });

  it.each(['patch', 'rebuild'])('half-way through, as a %s does, takes effect or is refused', async (kind) => {
    const { world, process, leader, id, archivedAt } = await anEndedCampaign();
    const call = kind === 'rebuild' ? 'issuance.raiseEpoch' : 'campaigns.change';
    const middle = process.calls.stopBefore(call);
    const work =
      kind === 'rebuild'
        ? process.rebuildCampaign.execute(id)
        : process.changeCampaign.execute(id, { endsAt: world.time.now() + OPEN_FOR });
    await middle.reached;
    await leader.archive();
    expect(await archivedAt()).not.toBeNull();
    middle.goOn();
    expect(await work).toEqual({ kind: 'campaign-archived' });
    expect(await leader.counter.standing(id)).toEqual(MISSING);
  });

  it('does not archive a campaign whose rebuild was ordered after it was looked at', async () => {
    const { world, process, leader, id, archivedAt } = await anEndedCampaign();
    const middle = leader.calls.stopBefore('campaigns.archive');
    const archiving = leader.archive();
    await middle.reached;
    await process.rebuildCampaign.execute(id);
    middle.goOn();
    await archiving;
    expect(await archivedAt()).toBeNull();
    await world.finish(leader.keepOpen());
    await leader.archive();
    expect(await archivedAt()).not.toBeNull();
  });
});

describe('an archive that was interrupted', () => {
  it.each([
    'campaigns.all',
    'counter.standing',
    'counters.sample',
    'progress.end',
    'progress.committed',
    'issuance.account',
    'campaigns.archive',
    'counters.retire',
  ])('after %s is finished by the next leader', async (call) => {
    const { world, process, leader, id, told } = await anEndedCampaign();
    const crash = leader.calls.stopAfter(call);
    void leader.archive();
    await crash.reached;
    await process.archive();
    await process.archive();
    expect(await process.campaigns.find(id)).toMatchObject({ archivedGranted: 3 });
    expect(world.store.copy().has(id)).toBe(false);
    expect(await process.findApplication.execute(id, told)).toMatchObject({ kind: 'issued' });
  });

  it('waits for a grant that was made at the last moment, and publishes it again where nobody else does', async () => {
    const { world, process, leader, id } = await anEndedCampaign();
    const middle = leader.calls.stopBefore('campaigns.archive');
    const archiving = leader.archive();
    await middle.reached;
    const late = randomUserId();
    await process.counter.admit(id, late, 'any-time');
    middle.goOn();
    await archiving;
    expect(world.store.copy().has(id)).toBe(true);
    world.time.advance(STALE_AFTER + 1);
    await leader.archive();
    await leader.archive();
    expect(world.store.copy().has(id)).toBe(false);
    await world.drain(process);
    expect(world.coupons(id)).toContainEqual([late, 4]);
  });

  it('by a signal, or for want of an answer of the log, has archived nothing', async () => {
    const { world, process, archivedAt } = await anEndedCampaign();
    world.log.suffer('away');
    await expect(process.archive()).rejects.toMatchObject({ name: 'Unavailable' });
    world.log.suffer('none');
    await process.archive(AbortSignal.abort());
    expect(await archivedAt()).toBeNull();
  });
});
