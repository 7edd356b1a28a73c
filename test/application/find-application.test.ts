import { expect, it } from 'vitest';
import { FINAL_WITHIN } from '../../src/domain/final-by.ts';
import { anOpenCampaign, aWorld, lateGrant, refuseData } from '../support/in-memory-world.ts';
import { aFailure, aGrant } from '../support/permanent-record.ts';
import { randomCampaignId, randomUserId } from '../support/random.ts';

async function anApplication(limit = 5) {
  const { world, process } = await aWorld();
  const id = await anOpenCampaign(process, limit);
  const user = randomUserId();
  return { world, process, id, user, find: () => process.findApplication.execute(id, user) };
}

it('says that somebody who never applied has no application', async () => {
  const { find } = await anApplication();
  expect(await find()).toEqual({ kind: 'application-not-found' });
});

it('calls a grant pending, without its sequence, until its event is durable, and says when that is settled', async () => {
  const { world, process, id, user, find } = await anApplication();
  world.log.suffer('away');
  const finalBy = world.time.now() + FINAL_WITHIN;
  await process.applyForCoupon.execute(id, user);
  world.time.advance(1_000);
  expect(await find()).toEqual({ kind: 'pending', finalBy });
});

it('calls it accepted once it is durable, and issued once it is recorded', async () => {
  const { world, process, id, user, find } = await anApplication();
  process.calls.away('coupons', 'database');
  await process.applyForCoupon.execute(id, user);
  await world.rest();
  process.calls.back('coupons');
  expect(await find()).toEqual({ kind: 'accepted', sequence: 1 });
  await world.drain(process);
  const { issuedAt } = (await process.coupons.find(id, user)) ?? {};
  expect(await find()).toEqual({ kind: 'issued', sequence: 1, issuedAt });
});

it('calls it failed where its event is an open failed event', async () => {
  const { world, process, id, user, find } = await anApplication();
  const accept = refuseData(world, id);
  await process.applyForCoupon.execute(id, user);
  await world.drain(process);
  expect(await find()).toEqual({ kind: 'failed', sequence: 1 });
  accept();
  await process.reissueFailedEvents.all(id);
  expect(await find()).toMatchObject({ kind: 'issued', sequence: 1 });
});

it('is not misled by the failed event of another sequence', async () => {
  const { world, process, id, user, find } = await anApplication();
  await process.applyForCoupon.execute(id, randomUserId());
  process.calls.away('coupons', 'database');
  await process.applyForCoupon.execute(id, user);
  await world.rest();
  process.calls.back('coupons');
  await process.failedEvents.keep([aFailure(aGrant(id, 99, { userId: user }), { holdsSlot: false })]);
  expect(await process.failedEvents.openFailureOf(id, user)).toMatchObject({ sequence: 99 });
  expect(await find()).toEqual({ kind: 'accepted', sequence: 2 });
});

it('calls a voided grant voided', async () => {
  const { world, process, id, user, find } = await anApplication();
  await process.applyForCoupon.execute(id, user);
  await world.rest();
  world.store.get(id).users.set(user, -1);
  expect(await find()).toEqual({ kind: 'voided', sequence: 1 });
});

it('calls a user pending whose event came too late for its epoch: no sequence was promised, nor a time', async () => {
  const { world, process, id, user, find } = await anApplication();
  await lateGrant(world, process, id, user);
  expect(await find()).toEqual({ kind: 'pending', finalBy: null });
});

it('says accepted, and no more than that, while the record is away', async () => {
  const { world, process, id, user, find } = await anApplication();
  await process.applyForCoupon.execute(id, user);
  await world.drain(process);
  process.calls.away('coupons', 'database');
  expect(await find()).toEqual({ kind: 'accepted', sequence: 1 });
});

it('does not call an application not found while the record is away', async () => {
  const { process, find } = await anApplication();
  process.calls.away('failedEvents', 'database');
  await expect(find()).rejects.toThrow('away');
});

it('shows a coupon while the counter is being rebuilt, and calls nobody not found then', async () => {
  const { world, process, id, user, find } = await anApplication();
  await process.applyForCoupon.execute(id, user);
  await world.drain(process);
  world.store.lose(id, 'users');
  expect(await find()).toMatchObject({ kind: 'issued', sequence: 1 });
  const other = await process.findApplication.execute(id, randomUserId());
  expect(other).toEqual({ kind: 'rebuilding', reason: 'incomplete' });
  world.store.wipe();
  expect(await find()).toMatchObject({ kind: 'issued', sequence: 1 });
});

it('says that a campaign is not found only where the record does not have it', async () => {
  const { world, process, id, user, find } = await anApplication();
  expect(await process.findApplication.execute(randomCampaignId(), user)).toEqual({ kind: 'campaign-not-found' });
  world.time.advance(1_000);
  world.store.lose(id, 'meta');
  expect(await find()).toEqual({ kind: 'rebuilding', reason: 'missing' });
});

/** A void that the counter has not been told of. */
async function aVoid() {
  const application = await anApplication();
  const { world, process, id, user } = application;
  const accept = refuseData(world, id);
  await process.applyForCoupon.execute(id, user);
  await world.drain(process);
  accept();
  process.calls.away('counters', 'counter');
  await process.voidFailedEvent.execute('1', 'the user asked for it');
  process.calls.back('counters');
  expect(await process.voids.untold(id)).toHaveLength(1);
  return application;
}

it('calls a grant voided that the counter does not know to be', async () => {
  const { process, id, user, find } = await aVoid();
  expect(await process.counter.find(id, user)).toMatchObject({ kind: 'granted' });
  expect(await find()).toEqual({ kind: 'voided', sequence: 1 });
});

it('calls a grant voided though it is pending in the counter', async () => {
  const { world, process, id, user, find } = await aVoid();
  const holder = { userId: user, sequence: 1, voided: false };
  expect(await process.counters.markPending(id, 1, [holder])).toEqual({ kind: 'marked', marked: 1 });
  expect(await find()).toEqual({ kind: 'voided', sequence: 1 });
  process.calls.away('voids', 'database');
  expect(await find()).toMatchObject({ kind: 'pending' });
  process.calls.back('voids');
  await process.finishVoids.execute();
  expect(world.store.get(id).pending.size).toBe(0);
});

it('calls a grant voided while the counter is being rebuilt, or has lost the campaign', async () => {
  const { world, id, find } = await aVoid();
  world.store.lose(id, 'users');
  expect(await find()).toEqual({ kind: 'voided', sequence: 1 });
  world.store.wipe();
  expect(await find()).toEqual({ kind: 'voided', sequence: 1 });
});

it('calls nobody else voided, and says accepted while the record is away', async () => {
  const { process, id, find } = await aVoid();
  expect(await process.findApplication.execute(id, randomUserId())).toEqual({ kind: 'application-not-found' });
  process.calls.away('voids', 'database');
  expect(await find()).toEqual({ kind: 'accepted', sequence: 1 });
});
