import { describe, expect, it } from 'vitest';
import { Unavailable } from '../../src/domain/outage.ts';
import { anOpenCampaign, anotherProcess, applyAll, aWorld, someUsers } from '../support/in-memory-world.ts';
import { randomCampaignId, randomUserId } from '../support/random.ts';

const LIMIT = 10;

async function aRunningCampaign() {
  const { world, process } = await aWorld();
  const leader = await anotherProcess(world);
  const id = await anOpenCampaign(process, LIMIT);
  const told = await applyAll(process, id, someUsers(4));
  /** Everybody keeps what he was told, and the rest of the limit is granted. */
  const nothingIsLost = async () => {
    expect(await applyAll(process, id, [...told.keys()])).toEqual(told);
    await applyAll(process, id, someUsers(LIMIT + 5));
    await world.drain(process);
    const coupons = new Map(world.coupons(id));
    for (const [user, sequence] of told) expect(coupons.get(user)).toBe(sequence);
    expect(coupons.size).toBe(LIMIT);
  };
  const epoch = async () => {
    const standing = await process.counter.standing(id);
    return standing.kind === 'open' ? standing.epoch : standing.reason;
  };
  return { world, process, leader, id, told, nothingIsLost, epoch };
}

describe('a rebuild on command', () => {
  it('closes the campaign at once under a new epoch, and the leader reopens it with everything in it', async () => {
    const { world, process, leader, id, nothingIsLost, epoch } = await aRunningCampaign();
    expect(await process.rebuildCampaign.execute(id)).toEqual({ kind: 'ordered', epoch: 2 });
    expect(await process.applyForCoupon.execute(id, randomUserId())).toEqual({ kind: 'rebuilding', reason: 'closed' });
    await world.finish(leader.keepOpen());
    expect(await epoch()).toBe(3);
    expect(await leader.rebuildCampaign.execute(id)).toEqual({ kind: 'ordered', epoch: 4 });
    await world.finish(leader.keepOpen());
    await nothingIsLost();
  });

  it('keeps what is pending', async () => {
    const { world, process, leader, id, nothingIsLost } = await aRunningCampaign();
    const user = randomUserId();
    const crash = process.calls.stopBefore('publisher.publish');
    void process.applyForCoupon.execute(id, user);
    await crash.reached;
    await leader.rebuildCampaign.execute(id);
    await world.finish(leader.keepOpen());
    await world.drain(process);
    expect(world.coupons(id)).toContainEqual([user, 5]);
    await nothingIsLost();
  });

  it('is refused where there is no such campaign, or where it was never opened', async () => {
    const { world, process } = await aRunningCampaign();
    expect(await process.rebuildCampaign.execute(randomCampaignId())).toEqual({ kind: 'campaign-not-found' });
    const id = randomCampaignId();
    const terms = { name: 'Next', limit: 1, startsAt: null, endsAt: null };
    await process.campaigns.create({ id, ...terms }, world.time.now());
    expect(await process.rebuildCampaign.execute(id)).toEqual({ kind: 'campaign-never-opened' });
    expect(await process.campaigns.find(id)).toMatchObject({ epoch: 1 });
  });

  it('does nothing where the counter is away', async () => {
    const { world, process, id, nothingIsLost, epoch } = await aRunningCampaign();
    world.store.suffer('away');
    await expect(process.rebuildCampaign.execute(id)).rejects.toBeInstanceOf(Unavailable);
    world.store.suffer('none');
    await process.keepOpen();
    expect(await epoch()).toBe(1);
    await nothingIsLost();
  });

  it.each(['campaigns.find', 'opening.begin', 'issuance.raiseEpoch', 'session.close', 'session.end'])(
    'that dies after %s leaves the campaign as it was, or is finished by the leader',
    async (call) => {
      const { world, process, leader, id, nothingIsLost, epoch } = await aRunningCampaign();
      const api = await anotherProcess(world);
      const crash = api.calls.stopAfter(call);
      void api.rebuildCampaign.execute(id);
      await crash.reached;
      await world.finish(leader.keepOpen());
      const isOrdered = ['issuance.raiseEpoch', 'session.close', 'session.end'].includes(call);
      expect(await epoch()).toBe(isOrdered ? 3 : 1);
      await process.known.refresh();
      await nothingIsLost();
    },
  );

  it('that sleeps through a rebuild of the leader closes nothing when it wakes up', async () => {
    const { world, process, leader, id, nothingIsLost, epoch } = await aRunningCampaign();
    const asleep = process.calls.stopBefore('session.close');
    const ordered = process.rebuildCampaign.execute(id);
    await asleep.reached;
    await world.finish(leader.keepOpen());
    expect(await epoch()).toBe(3);
    asleep.goOn();
    expect(await ordered).toEqual({ kind: 'ordered', epoch: 2 });
    expect(await epoch()).toBe(3);
    await nothingIsLost();
  });

  it.each([
    'issuance.raiseEpoch',
    'session.close',
    'session.survivors',
    'progress.end',
    'progress.committed',
    'issuance.snapshot',
    'session.replace',
  ])(
    'overtakes a leader in the middle of a rebuild, before %s: he starts over, and nobody grants meanwhile',
    async (call) => {
      const { world, process, leader, id, nothingIsLost, epoch } = await aRunningCampaign();
      world.store.lose(id, 'pending');
      world.store.put(id, { pending: new Map([[randomUserId(), world.time.now()]]) });
      const middle = leader.calls.stopBefore(call);
      const rebuild = leader.keepOpen();
      await world.until(async () => leader.calls.count(call) > 0);
      await middle.reached;
      const answer = await process.rebuildCampaign.execute(id);
      if (answer.kind !== 'ordered') throw new Error(`the rebuild is ${answer.kind}`);
      middle.goOn();
      await world.finish(rebuild);
      // What began before the order is overtaken by it, unless it had not taken its own epoch yet.
      expect(await epoch()).toBe(call === 'issuance.raiseEpoch' ? answer.epoch + 1 : 'closed');
      await world.finish(leader.keepOpen());
      expect(await epoch()).toBe(answer.epoch + 1);
      await nothingIsLost();
    },
  );
});
