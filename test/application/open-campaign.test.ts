import { describe, expect, it } from 'vitest';
import type { Campaign } from '../../src/domain/campaign.ts';
import type { InMemoryProcess } from '../support/in-memory-process.ts';
import { anotherProcess, applyAll, aWorld, someUsers } from '../support/in-memory-world.ts';
import { randomCampaignId, randomUserId } from '../support/random.ts';

const aCampaign = (change: Partial<Campaign> = {}): Campaign => ({
  id: randomCampaignId(),
  name: 'Welcome',
  limit: 3,
  startsAt: null,
  endsAt: null,
  ...change,
});

const grantsItsLimit = async (process: InMemoryProcess, { id, limit }: Campaign): Promise<void> => {
  const accepted = await applyAll(process, id, someUsers(limit + 5));
  expect([...accepted.values()].toSorted((a, b) => a - b)).toEqual(Array.from({ length: limit }, (_, i) => i + 1));
};

it('opens a new campaign for applications before it answers', async () => {
  const { process } = await aWorld();
  const campaign = aCampaign();
  expect(await process.openCampaign.execute(campaign)).toBe('created');
  await grantsItsLimit(process, campaign);
});

it('answers the same request again with the same, and the counter goes on', async () => {
  const { process } = await aWorld();
  const campaign = aCampaign();
  await process.openCampaign.execute(campaign);
  await process.applyForCoupon.execute(campaign.id, randomUserId());
  expect(await process.openCampaign.execute(campaign)).toBe('same');
  expect(await process.counter.standing(campaign.id)).toMatchObject({ counter: 1 });
});

it('refuses other terms for a campaign that exists, and leaves it as it is', async () => {
  const { process } = await aWorld();
  const campaign = aCampaign();
  await process.openCampaign.execute(campaign);
  for (const other of [{ limit: 4 }, { name: 'Other' }, { startsAt: 1 }, { endsAt: 1 }]) {
    expect(await process.openCampaign.execute({ ...campaign, ...other })).toBe('exists');
  }
  expect(await process.counter.standing(campaign.id)).toMatchObject({ limit: 3, name: 'Welcome' });
});

it('refuses terms that no campaign can have, and records nothing', async () => {
  const { process } = await aWorld();
  const campaign = aCampaign({ limit: 0 });
  await expect(process.openCampaign.execute(campaign)).rejects.toThrow(
    expect.objectContaining({ code: 'invalid-request' }),
  );
  expect(await process.campaigns.find(campaign.id)).toBeNull();
});

it('opens one counter when many ask for the same campaign at once', async () => {
  const { world, process } = await aWorld();
  const other = await anotherProcess(world);
  const campaign = aCampaign();
  const asked = [process, other, process, other].map((each) => each.openCampaign.execute(campaign));
  const leader = process.keepOpen();
  const answers = await Promise.all(asked);
  await world.finish(leader);
  expect(answers.toSorted()).toEqual(['created', 'same', 'same', 'same']);
  await grantsItsLimit(process, campaign);
  expect(await process.counter.standing(campaign.id)).toMatchObject({ epoch: 1 });
});

describe('a crash', () => {
  const STEPS = ['campaigns.create', 'counters.prepare', 'campaigns.markOpened', 'counters.open'];
  const stages = STEPS.flatMap((step) => [
    ['before', step],
    ['after', step],
  ]);

  it.each(stages)('%s %s: the same request again opens the campaign', async (when, step) => {
    const { world, process } = await aWorld();
    const campaign = aCampaign();
    const call = when === 'before' ? process.calls.stopBefore(step) : process.calls.stopAfter(step);
    void process.openCampaign.execute(campaign);
    await call.reached;

    const next = await anotherProcess(world);
    const recorded = step !== 'campaigns.create' || when === 'after';
    expect(await next.openCampaign.execute(campaign)).toBe(recorded ? 'same' : 'created');
    await grantsItsLimit(next, campaign);
    expect(await next.counter.standing(campaign.id)).toMatchObject({ epoch: 1 });
  });

  it.each(stages.slice(1))('%s %s: the leader opens the campaign', async (when, step) => {
    const { world, process } = await aWorld();
    const campaign = aCampaign();
    const call = when === 'before' ? process.calls.stopBefore(step) : process.calls.stopAfter(step);
    void process.openCampaign.execute(campaign);
    await call.reached;

    const leader = await anotherProcess(world);
    await world.finish(leader.keepOpen());
    await grantsItsLimit(leader, campaign);
    expect(await leader.counter.standing(campaign.id)).toMatchObject({ epoch: 1 });
  });

  it.each(stages)('%s %s: whoever wakes up after others finished starts nothing at zero', async (when, step) => {
    const { world, process } = await aWorld();
    const campaign = aCampaign();
    const call = when === 'before' ? process.calls.stopBefore(step) : process.calls.stopAfter(step);
    const asleep = process.openCampaign.execute(campaign);
    await call.reached;

    const next = await anotherProcess(world);
    await next.openCampaign.execute(campaign);
    const accepted = await applyAll(next, campaign.id, someUsers(2));
    call.goOn();
    expect(['created', 'same']).toContain(await asleep);
    expect(await applyAll(next, campaign.id, [...accepted.keys()])).toEqual(accepted);
    expect(await next.counter.standing(campaign.id)).toMatchObject({ counter: 2 });
  });
});

describe('a campaign that was open and is lost from the counter', () => {
  it('is not opened by the same request again, but by the rebuild', async () => {
    const { world, process } = await aWorld();
    const campaign = aCampaign();
    await process.openCampaign.execute(campaign);
    const before = await applyAll(process, campaign.id, someUsers(2));
    await world.drain(process);
    world.store.wipe();
    expect(await process.openCampaign.execute(campaign)).toBe('unopened');
    expect(await process.counter.standing(campaign.id)).toEqual({ kind: 'unknown', reason: 'missing' });
    await world.finish(process.keepOpen());
    expect(await process.openCampaign.execute(campaign)).toBe('same');
    expect(await applyAll(process, campaign.id, [...before.keys()])).toEqual(before);
  });

  it('is not started at zero by somebody who had seen it unopened', async () => {
    const { world, process } = await aWorld();
    const campaign = aCampaign();
    const late = await anotherProcess(world);
    const prepare = late.calls.stopBefore('counters.prepare');
    const asleep = late.openCampaign.execute(campaign);
    await prepare.reached;
    await process.openCampaign.execute(campaign);
    const before = await applyAll(process, campaign.id, someUsers(2));
    await world.drain(process);
    world.store.wipe();

    prepare.goOn();
    expect(await asleep).toBe('unopened');
    expect(await process.applyForCoupon.execute(campaign.id, randomUserId())).toEqual({
      kind: 'rebuilding',
      reason: 'prepared',
    });
    await world.finish(process.keepOpen());
    expect(await applyAll(process, campaign.id, [...before.keys()])).toEqual(before);
  });
});

it('opens nothing while the counter is fenced, and the same request again does', async () => {
  const { world, process } = await aWorld();
  const campaign = aCampaign();
  world.store.restart();
  await expect(process.openCampaign.execute(campaign)).rejects.toMatchObject({ name: 'Unavailable' });
  await world.finish(process.keepOpen());
  expect(await process.openCampaign.execute(campaign)).toBe('same');
  await grantsItsLimit(process, campaign);
});
