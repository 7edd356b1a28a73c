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

it('settles in one round all that an outage left, some of each campaign at a time', async () => {
  const { world, process } = await aWorld();
  const [large, small] = [await anOpenCampaign(process, 5_000), await anOpenCampaign(process, 5)];
  const users = someUsers(1_700);
  for (const user of users) await process.counter.admit(large, user);
  for (const user of users.slice(0, 3)) await process.counter.admit(small, user);
  world.time.advance(STALE_AFTER + 1);
  const asked = process.calls.count('counters.stale');
  expect(await process.settlePendingGrants.execute()).toBe(1_703);
  // Four times for the large one and the last time for nothing, twice for the small one.
  expect(process.calls.count('counters.stale') - asked).toBe(7);
  await world.drain(process);
  expect(world.coupons(large)).toHaveLength(1_700);
  expect(world.coupons(small)).toHaveLength(3);
  expect(world.published).toBe(1_703);
});

it('lets no campaign that fails keep the others waiting, and rejects with its failure in the end', async () => {
  const { world, process } = await aWorld();
  const ids = [await anOpenCampaign(process, 5), await anOpenCampaign(process, 5), await anOpenCampaign(process, 5)];
  for (const id of ids) await process.counter.admit(id, randomUserId());
  world.time.advance(STALE_AFTER + 1);
  const [broken = '' as never, ...others] = ids.toSorted();
  const first = process.calls.stopBefore('counters.stale');
  const settled = process.settlePendingGrants.execute();
  await first.reached;
  first.fail(new TypeError('something is wrong with this one'));
  await expect(settled).rejects.toThrow('something is wrong with this one');
  await world.drain(process);
  for (const id of others) expect(world.coupons(id)).toHaveLength(1);
  expect(world.coupons(broken)).toEqual([]);
  expect(await process.settlePendingGrants.execute()).toBe(1);
});

it('stops when it is told to, and when its time is over', async () => {
  const { world, process } = await aWorld();
  const id = await anOpenCampaign(process, 2_000);
  for (const user of someUsers(1_200)) await process.counter.admit(id, user);
  world.time.advance(STALE_AFTER + 1);
  const stopping = new AbortController();
  const marks = process.calls.stopAfter('counters.clearMarks');
  const stopped = process.settlePendingGrants.execute(stopping.signal);
  await marks.reached;
  stopping.abort();
  marks.goOn();
  expect(await stopped).toBe(500);
  const slow = process.calls.stopAfter('counters.clearMarks');
  const late = process.settlePendingGrants.execute();
  await slow.reached;
  world.time.advance(10_000);
  slow.goOn();
  expect(await late).toBe(500);
  expect(await process.settlePendingGrants.execute()).toBe(200);
});

it('publishes again what it had published when it died before the marks were cleared: one coupon all the same', async () => {
  const { world, process } = await aWorld();
  const leader = await anotherProcess(world);
  const id = await anOpenCampaign(process, 5);
  const user = randomUserId();
  await process.counter.admit(id, user);
  world.time.advance(STALE_AFTER + 1);
  const crash = leader.calls.stopBefore('counters.clearMarks');
  void leader.settlePendingGrants.execute();
  await crash.reached;
  expect(await process.settlePendingGrants.execute()).toBe(1);
  await world.drain(process);
  expect(world.published).toBe(2);
  expect(world.coupons(id)).toEqual([[user, 1]]);
});
