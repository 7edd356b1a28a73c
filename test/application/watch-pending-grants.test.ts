import { expect, it } from 'vitest';
import { FINAL_WITHIN } from '../../src/domain/final-by.ts';
import { anOpenCampaign, aWorld } from '../support/in-memory-world.ts';
import { randomUserId } from '../support/random.ts';

const WARNING = 'grants are pending beyond their time';
const OVER = 'no grant is pending beyond its time any more';

async function aPendingGrant() {
  const { world, process } = await aWorld();
  const id = await anOpenCampaign(process, 5);
  await process.directory.opened();
  await process.counter.admit(id, randomUserId());
  const watch = async () => {
    await process.watchPendingGrants.execute();
    return world.journal.lines.filter(({ message }) => message === WARNING || message === OVER);
  };
  return { world, process, id, watch };
}

it('says nothing as long as there is time', async () => {
  const { world, watch } = await aPendingGrant();
  world.time.advance(FINAL_WITHIN);
  expect(await watch()).toEqual([]);
});

it('warns once for each campaign, and says once that it is over', async () => {
  const { world, process, id, watch } = await aPendingGrant();
  world.time.advance(FINAL_WITHIN + 1_000);
  await watch();
  const warning = { level: 'warn', message: WARNING, details: { campaign: id, seconds: 31 } };
  expect(await watch()).toEqual([warning]);
  const other = await anOpenCampaign(process, 5);
  await process.counter.admit(other, randomUserId());
  world.time.advance(FINAL_WITHIN + 1);
  await process.directory.opened();
  await world.rest();
  expect(await watch()).toMatchObject([warning, { message: WARNING, details: { campaign: other } }]);
  await process.settlePendingGrants.execute();
  const lines = await watch();
  expect(lines.slice(2)).toEqual([
    { level: 'info', message: OVER, details: { campaign: id } },
    { level: 'info', message: OVER, details: { campaign: other } },
  ]);
  expect(await watch()).toEqual(lines);
});

it('does not call it over while the campaign is closed', async () => {
  const { world, process, id, watch } = await aPendingGrant();
  world.time.advance(FINAL_WITHIN + 1_000);
  await watch();
  await process.rebuildCampaign.execute(id);
  expect(await watch()).toHaveLength(1);
  await world.finish(process.keepOpen());
  expect(await watch()).toMatchObject([{ message: WARNING }, { message: OVER }]);
});
