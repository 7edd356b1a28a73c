import { expect, it } from 'vitest';
import { anOpenCampaign, anotherProcess, applyAll, aWorld, someUsers } from '../support/in-memory-world.ts';

const TERMS = { name: 'Welcome', startsAt: null, endsAt: null };

it('leaves what agrees as it is, version included', async () => {
  const { process } = await aWorld();
  const id = await anOpenCampaign(process, 10);
  await process.compareTerms.execute();
  expect(await process.campaigns.find(id)).toMatchObject({ version: 1 });
  expect(await process.counter.standing(id)).toMatchObject({ version: 1 });
});

it('lets the higher version win where that is the record', async () => {
  const { process } = await aWorld();
  const id = await anOpenCampaign(process, 10);
  await process.campaigns.change(id, { limit: 20 });
  await process.compareTerms.execute();
  expect(await process.counter.standing(id)).toMatchObject({ limit: 20, ceiling: 20, version: 2 });
});

it('lets the higher version win where that is the counter', async () => {
  const { process } = await aWorld();
  const id = await anOpenCampaign(process, 10);
  await process.counters.change(id, { ...TERMS, name: 'Ahead', limit: 12 }, 0, 7);
  await process.compareTerms.execute();
  expect(await process.campaigns.find(id)).toMatchObject({ name: 'Ahead', limit: 12, version: 7 });
});

it('gives equal versions with different terms a new version and the terms of the record', async () => {
  const { process } = await aWorld();
  const id = await anOpenCampaign(process, 10);
  await process.campaigns.reserveVersion(id);
  await process.counters.change(id, { ...TERMS, limit: 4 }, 0, 2);
  await process.compareTerms.execute();
  expect(await process.campaigns.find(id)).toMatchObject({ limit: 10, version: 3 });
  expect(await process.counter.standing(id)).toMatchObject({ limit: 10, version: 3 });
});

it('gives equal versions with different ceilings the ceiling of the record', async () => {
  const { world, process } = await aWorld();
  const id = await anOpenCampaign(process, 10);
  const shelf = world.records.campaign(id);
  shelf.record = { ...shelf.record, ceiling: 11 };
  await process.compareTerms.execute();
  expect(await process.counter.standing(id)).toMatchObject({ limit: 10, ceiling: 11 });
});

it('takes a limit that the counter had to clamp back into the record', async () => {
  const { world, process } = await aWorld();
  const id = await anOpenCampaign(process, 10);
  await applyAll(process, id, someUsers(6));
  const shelf = world.records.campaign(id);
  shelf.record = { ...shelf.record, limit: 3, ceiling: 3, version: 2 };
  await process.compareTerms.execute();
  expect(await process.campaigns.find(id)).toMatchObject({ limit: 6, ceiling: 6, version: 2 });
  expect(await process.counter.standing(id)).toMatchObject({ limit: 6, version: 2 });
});

it('does not push terms over a change that was made after it had read the record', async () => {
  const { world, process } = await aWorld();
  const other = await anotherProcess(world);
  const id = await anOpenCampaign(process, 10);
  await process.campaigns.change(id, { limit: 20 });
  const push = process.calls.stopBefore('counters.change');
  const compared = process.compareTerms.execute();
  await push.reached;
  await other.changeCampaign.execute(id, { limit: 30 });
  push.goOn();
  await compared;
  expect(await process.counter.standing(id)).toMatchObject({ limit: 30, version: 3 });
  expect(await process.campaigns.find(id)).toMatchObject({ limit: 30, version: 3 });
});

it('does not take a lowering back that was recorded after it had read the record', async () => {
  const { world, process } = await aWorld();
  const leader = await anotherProcess(world);
  const id = await anOpenCampaign(process, 10);
  const lowering = process.calls.stopBefore('counters.change');
  const changed = process.changeCampaign.execute(id, { limit: 5 });
  await lowering.reached;
  const read = leader.calls.stopAfter('campaigns.active');
  const compared = leader.compareTerms.execute();
  await read.reached;
  lowering.goOn();
  await changed;
  read.goOn();
  await compared;
  expect(await process.campaigns.find(id)).toMatchObject({ limit: 5, version: 3 });
  expect(await process.counter.standing(id)).toMatchObject({ limit: 5, version: 3 });
});

it('leaves a campaign alone that is not open, and goes on with the next', async () => {
  const { world, process } = await aWorld();
  const ids = [await anOpenCampaign(process, 10), await anOpenCampaign(process, 10)].toSorted();
  const [lost, open] = ids as [(typeof ids)[0], (typeof ids)[0]];
  world.store.lose(lost, 'meta');
  for (const id of ids) await process.campaigns.change(id, { limit: 20 });
  await process.compareTerms.execute();
  expect(await process.counter.standing(lost)).toMatchObject({ kind: 'unknown' });
  expect(await process.counter.standing(open)).toMatchObject({ limit: 20, version: 2 });
});
