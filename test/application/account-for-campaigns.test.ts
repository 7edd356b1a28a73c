import { describe, expect, it } from 'vitest';
import type { CampaignId } from '../../src/domain/campaign-id.ts';
import { crowd } from '../support/crowd.ts';
import {
  anOpenCampaign,
  anotherProcess,
  applyAll,
  aWorld,
  type InMemoryWorld,
  refuseData,
  someUsers,
} from '../support/in-memory-world.ts';
import { aFailure, aGrant } from '../support/permanent-record.ts';
import { randomCampaignId, randomUserId } from '../support/random.ts';

async function aCampaign() {
  const { world, process } = await aWorld();
  const id = await anOpenCampaign(process, 10);
  return { world, process, id, account: () => process.accountForCampaigns.one(id) };
}

/** What no part of the service does: a coupon is gone. */
const loseCoupon = ({ records }: InMemoryWorld, id: CampaignId, sequence: number): void => {
  const { couponsBySequence, couponsByUser } = records.campaign(id);
  const coupon = couponsBySequence.get(sequence);
  if (coupon) couponsByUser.delete(coupon.userId);
  couponsBySequence.delete(sequence);
};

it('accounts for a new campaign', async () => {
  const { id, account } = await aCampaign();
  expect(await account()).toEqual({
    id,
    name: 'Welcome',
    limit: 10,
    startsAt: null,
    endsAt: null,
    state: 'open',
    granted: 0,
    pending: 0,
    inFlight: 0,
    issued: 0,
    failed: 0,
    burnt: 0,
    unaccounted: 0,
    lag: 0,
  });
});

it('knows no account of a campaign that is not there', async () => {
  const { process } = await aCampaign();
  expect(await process.accountForCampaigns.one(randomCampaignId())).toBeNull();
});

it('leaves out what it would have to read of too many pending grants', async () => {
  const { world, id, account } = await aCampaign();
  crowd(world, id);
  expect(await account()).toMatchObject({
    state: 'open',
    granted: 0,
    pending: null,
    inFlight: null,
    unaccounted: null,
  });
});

it('tells every slot by where it is', async () => {
  const { world, process, id, account } = await aCampaign();
  await applyAll(process, id, someUsers(2));
  await world.drain(process);
  const accept = refuseData(world, id);
  await applyAll(process, id, someUsers(1));
  await world.drain(process);
  accept();
  process.calls.away('coupons', 'database');
  await applyAll(process, id, someUsers(3));
  await process.counter.admit(id, randomUserId());
  await world.rest();
  const where = { granted: 7, issued: 2, failed: 1, inFlight: 3, pending: 1, burnt: 0, unaccounted: 0, lag: 3 };
  expect(await account()).toMatchObject(where);
  process.calls.back('coupons');
  await world.drain(process);
  expect(await account()).toMatchObject({ ...where, issued: 5, inFlight: 0, lag: 0 });
});

it('shows burnt sequences beside the granted slots', async () => {
  const { world, process, id, account } = await aCampaign();
  await process.counter.admit(id, randomUserId());
  await applyAll(process, id, someUsers(2));
  world.store.lose(id, 'users');
  await world.finish(process.keepOpen());
  expect(await account()).toMatchObject({ granted: 2, issued: 2, burnt: 1, unaccounted: 0, inFlight: 0 });
});

it('does not count a failed event that holds no slot as a slot', async () => {
  const { process, id, account } = await aCampaign();
  await process.failedEvents.keep([aFailure(aGrant(id, 4), { holdsSlot: false })]);
  expect(await account()).toMatchObject({ granted: 0, failed: 1, unaccounted: 0, inFlight: 0 });
});

it('gives pages of accounts, by campaign', async () => {
  const { process, id } = await aCampaign();
  const ids = [id, await anOpenCampaign(process, 1), await anOpenCampaign(process, 1)].toSorted();
  const first = await process.accountForCampaigns.page({ limit: 2, cursor: null });
  const second = await process.accountForCampaigns.page({ limit: 2, cursor: first.nextCursor });
  expect([...first.items, ...second.items].map((each) => each.id)).toEqual(ids);
  expect(second.nextCursor).toBeNull();
});

describe('unaccounted', () => {
  it('is 1 for a coupon that is gone, and stays so', async () => {
    const { world, process, id, account } = await aCampaign();
    await applyAll(process, id, someUsers(5));
    await world.drain(process);
    loseCoupon(world, id, 3);
    expect(await account()).toMatchObject({ issued: 4, unaccounted: 1, inFlight: 0 });
    expect(await account()).toMatchObject({ unaccounted: 1 });
  });

  it('is not hidden by a grant that was pending in the sample and is recorded by the time of the count', async () => {
    const { world, process, id, account } = await aCampaign();
    await applyAll(process, id, someUsers(5));
    await world.drain(process);
    loseCoupon(world, id, 3);
    const user = randomUserId();
    await process.counter.admit(id, user);
    const sampled = process.calls.stopAfter('counters.sample');
    const accounted = account();
    await sampled.reached;
    const other = await anotherProcess(world);
    await other.applyForCoupon.execute(id, user);
    await world.drain(other);
    sampled.goOn();
    expect(await accounted).toMatchObject({ issued: 5, pending: 1, unaccounted: 1 });
  });

  it('is 0 while events lie before the consumer, however long that takes', async () => {
    const { world, process, id, account } = await aCampaign();
    process.calls.away('coupons', 'database');
    await applyAll(process, id, someUsers(5));
    await world.pass(60_000);
    expect(await account()).toMatchObject({ issued: 0, inFlight: 5, unaccounted: 0, lag: 5 });
  });

  it.each(['counters.sample', 'progress.end', 'progress.committed', 'issuance.account', 'counter.standing'])(
    'raises no false alarm for what is granted, published and recorded around %s',
    async (call) => {
      for (const when of ['stopBefore', 'stopAfter'] as const) {
        const { world, process, id, account } = await aCampaign();
        const other = await anotherProcess(world);
        await applyAll(other, id, someUsers(2));
        const user = randomUserId();
        await other.counter.admit(id, user);
        const stopped = process.calls[when](call);
        const accounted = account();
        await stopped.reached;
        process.calls.away('coupons', 'database');
        await applyAll(other, id, [user, ...someUsers(2)]);
        await world.rest();
        stopped.goOn();
        expect(await accounted).toMatchObject({ unaccounted: 0 });
      }
    },
  );

  it('is found under traffic that never stops: a sample waits until the consumers have passed it', async () => {
    const { world, process, id, account } = await aCampaign();
    await applyAll(process, id, someUsers(3));
    await world.drain(process);
    loseCoupon(world, id, 2);
    process.calls.away('coupons', 'database');
    await applyAll(process, id, someUsers(1));
    expect(await account()).toMatchObject({ unaccounted: 0, inFlight: 2 });
    process.calls.back('coupons');
    await world.drain(process);
    process.calls.away('coupons', 'database');
    await applyAll(process, id, someUsers(1));
    expect(await account()).toMatchObject({ unaccounted: 1, inFlight: 1, lag: 1 });
  });

  it('does not judge by a sample of a counter that was rebuilt since', async () => {
    const { world, process, id, account } = await aCampaign();
    await applyAll(process, id, someUsers(3));
    await world.drain(process);
    loseCoupon(world, id, 3);
    const sampled = process.calls.stopAfter('counters.sample');
    const accounted = account();
    await sampled.reached;
    const leader = await anotherProcess(world);
    world.store.wipe();
    await world.finish(leader.keepOpen());
    sampled.goOn();
    expect(await accounted).toMatchObject({ unaccounted: 0 });
    expect(await account()).toMatchObject({ granted: 2, unaccounted: 0 });
  });

  it('does not judge by a waiting sample of a counter that was rebuilt since', async () => {
    const { world, process, id, account } = await aCampaign();
    await applyAll(process, id, someUsers(3));
    await world.drain(process);
    loseCoupon(world, id, 3);
    process.calls.away('coupons', 'database');
    const user = randomUserId();
    await applyAll(process, id, [user]);
    expect(await account()).toMatchObject({ unaccounted: 0 });
    process.calls.back('coupons');
    world.store.wipe();
    await world.finish(process.keepOpen());
    process.calls.away('coupons', 'database');
    await applyAll(process, id, someUsers(1));
    expect(await account()).toMatchObject({ unaccounted: 0, inFlight: 1 });
  });

  it('keeps the last verified figure until the next sample is verified', async () => {
    const { world, process, id, account } = await aCampaign();
    await applyAll(process, id, someUsers(3));
    await world.drain(process);
    loseCoupon(world, id, 3);
    expect(await account()).toMatchObject({ unaccounted: 1 });
    process.calls.away('coupons', 'database');
    await applyAll(process, id, someUsers(2));
    expect(await account()).toMatchObject({ unaccounted: 1, inFlight: 2 });
  });
});

describe('a part that is away', () => {
  it('leaves out the figures that only the counter knows', async () => {
    const { world, process, id, account } = await aCampaign();
    await applyAll(process, id, someUsers(2));
    await world.drain(process);
    world.store.suffer('away');
    const counted = { granted: null, pending: null, inFlight: null, unaccounted: null };
    expect(await account()).toMatchObject({ ...counted, issued: 2, lag: 0, state: 'open' });
  });

  it('leaves out the same figures while the campaign is being rebuilt', async () => {
    const { world, account } = await aCampaign();
    world.store.wipe();
    const counted = { granted: null, pending: null, inFlight: null, unaccounted: null };
    expect(await account()).toMatchObject({ ...counted, issued: 0, lag: 0 });
  });

  it('leaves out the figures that need the event log', async () => {
    const { world, process, id, account } = await aCampaign();
    await applyAll(process, id, someUsers(2));
    await world.drain(process);
    world.log.suffer('away');
    expect(await account()).toMatchObject({
      granted: 2,
      pending: 0,
      issued: 2,
      inFlight: null,
      unaccounted: null,
      lag: null,
    });
  });

  it('that is the record rejects: nothing is known of a campaign without it', async () => {
    const { process, account } = await aCampaign();
    process.calls.away('issuance', 'database');
    await expect(account()).rejects.toThrow('away');
  });

  it('is told from a bug, which is not swallowed', async () => {
    const { process, account } = await aCampaign();
    const sample = process.calls.stopBefore('counters.sample');
    const accounted = account();
    sample.fail(new TypeError('x is not a function'));
    await expect(accounted).rejects.toThrow(TypeError);
  });
});
