import { expect, it } from 'vitest';
import { STALE_AFTER } from '../../src/domain/publish-deadline.ts';
import { anOpenCampaign, anotherProcess, applyAll, aWorld, someUsers } from '../support/in-memory-world.ts';
import { randomUserId } from '../support/random.ts';

it('publishes what a dead process left pending, and its mark is cleared', async () => {
  const { world, process } = await aWorld();
  const id = await anOpenCampaign(process, 5);
  const user = randomUserId();
  const crash = process.calls.stopBefore('publisher.publish');
  void process.applyForCoupon.execute(id, user);
  await crash.reached;

  const leader = await anotherProcess(world);
  world.time.advance(STALE_AFTER + 1);
  expect(await leader.settlePendingGrants.execute()).toBe(1);
  await world.drain(process);
  expect(world.coupons(id)).toEqual([[user, 1]]);
  expect(await leader.counters.sample(id)).toMatchObject({ pending: [] });
  expect(await leader.settlePendingGrants.execute()).toBe(0);
});

it('leaves a grant alone whose process may still be publishing it', async () => {
  const { world, process } = await aWorld();
  const id = await anOpenCampaign(process, 5);
  const publish = process.calls.stopBefore('publisher.publish');
  const applied = process.applyForCoupon.execute(id, randomUserId());
  await publish.reached;
  world.time.advance(STALE_AFTER);
  expect(await process.settlePendingGrants.execute()).toBe(0);
  publish.goOn();
  await applied;
});

it('clears no mark before the event is durable', async () => {
  const { world, process } = await aWorld();
  const id = await anOpenCampaign(process, 5);
  await process.counter.admit(id, randomUserId());
  world.time.advance(STALE_AFTER + 1);
  const publish = process.calls.stopAfter('publisher.publish');
  const settled = process.settlePendingGrants.execute();
  await publish.reached;
  await world.rest();
  expect(await process.counters.sample(id)).toMatchObject({ pending: [1] });
  publish.goOn();
  expect(await settled).toBe(1);
});

it('does nothing while the event log is away, and rejects where it goes away', async () => {
  const { world, process } = await aWorld();
  const id = await anOpenCampaign(process, 5);
  await process.counter.admit(id, randomUserId());
  world.time.advance(STALE_AFTER + 1);
  world.log.suffer('acknowledgements-lost');
  await expect(process.settlePendingGrants.execute()).rejects.toMatchObject({ name: 'OutcomeUnknown' });
  expect(await process.settlePendingGrants.execute()).toBe(0);
  expect(await process.counters.sample(id)).toMatchObject({ pending: [1] });
  world.log.suffer('none');
  expect(await process.settlePendingGrants.execute()).toBe(1);
  await world.drain(process);
  expect(world.coupons(id)).toHaveLength(1);
});

it('settles a hundred grants that nobody asks for again', async () => {
  const { world, process } = await aWorld();
  const id = await anOpenCampaign(process, 100);
  const users = someUsers(100);
  for (const user of users) await process.counter.admit(id, user);
  world.time.advance(STALE_AFTER + 1);
  expect(await process.settlePendingGrants.execute()).toBe(100);
  await world.drain(process);
  expect(new Map(world.coupons(id))).toEqual(await applyAll(process, id, users));
});

it('passes over campaigns that are not open', async () => {
  const { world, process } = await aWorld();
  const [one, other] = [await anOpenCampaign(process, 5), await anOpenCampaign(process, 5)];
  for (const id of [one, other]) await process.counter.admit(id, randomUserId());
  const session = await process.opening.begin();
  await session.close(one, 2);
  world.time.advance(STALE_AFTER + 1);
  expect(await process.settlePendingGrants.execute()).toBe(1);
});

it('does no harm when it wakes up after a rebuild: what it publishes comes too late for a coupon', async () => {
  const { world, process } = await aWorld();
  const leader = await anotherProcess(world);
  const id = await anOpenCampaign(process, 5);
  const user = randomUserId();
  await process.counter.admit(id, user);
  world.time.advance(STALE_AFTER + 1);
  const answer = leader.calls.stopAfter('counters.stale');
  const asleep = leader.settlePendingGrants.execute();
  await answer.reached;
  world.store.wipe();
  await world.finish(process.keepOpen());
  answer.goOn();
  await asleep;
  await world.drain(process);
  expect(world.coupons(id)).toEqual([]);
  expect(await process.failedEvents.openFailureOf(id, user)).toMatchObject({ reason: 'late-epoch' });
});
