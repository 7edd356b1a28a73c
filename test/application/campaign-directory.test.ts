import { expect, it } from 'vitest';
import { anOpenCampaign, aWorld } from '../support/in-memory-world.ts';
import { randomCampaignId } from '../support/random.ts';

it('looks up once for all who ask at the same time', async () => {
  const { process } = await aWorld();
  const before = process.calls.count('campaigns.all');
  await Promise.all(Array.from({ length: 100 }, () => process.directory.explain(randomCampaignId(), 'missing')));
  expect(process.calls.count('campaigns.all') - before).toBe(1);
});

it('knows a campaign a second after it was recorded at the latest', async () => {
  const { world, process } = await aWorld();
  await process.directory.explain(randomCampaignId(), 'missing');
  const id = await anOpenCampaign(process, 1);
  world.time.advance(1_000);
  expect(await process.directory.explain(id, 'missing')).toEqual({ kind: 'counter-gone' });
});

it('asks a record that is away no more than once a second either, and says nothing about the campaign', async () => {
  const { world, process } = await aWorld();
  const id = await anOpenCampaign(process, 1);
  process.calls.away('campaigns', 'database');
  const before = process.calls.count('campaigns.all');
  for (let asked = 0; asked < 5; asked += 1) {
    await expect(process.directory.explain(id, 'missing')).rejects.toThrow('away');
  }
  expect(process.calls.count('campaigns.all') - before).toBe(1);
  process.calls.back('campaigns');
  world.time.advance(1_000);
  expect(await process.directory.explain(id, 'missing')).toEqual({ kind: 'counter-gone' });
});

it('names the opened campaigns as last seen while the record is away', async () => {
  const { world, process } = await aWorld();
  const id = await anOpenCampaign(process, 1);
  expect(await process.directory.opened()).toEqual([id]);
  process.calls.away('campaigns', 'database');
  world.time.advance(1_000);
  expect(await process.directory.opened()).toEqual([id]);
});

it('tells an archived campaign from one whose counter is gone, whatever the counter says of it', async () => {
  const { world, process } = await aWorld();
  const [archived, gone] = [await anOpenCampaign(process, 1), await anOpenCampaign(process, 1)];
  const record = await process.campaigns.find(archived);
  if (record !== null) await process.campaigns.archive(record, 1, world.time.now());
  world.time.advance(1_000);
  await process.directory.opened();
  for (const reason of ['missing', 'closed', 'fenced'] as const) {
    const found = await process.directory.explain(archived, reason);
    expect(found).toMatchObject({ kind: 'archived', record: { id: archived } });
    expect(await process.directory.explain(gone, reason)).toEqual({ kind: 'counter-gone' });
  }
  expect(await process.directory.opened()).toEqual([gone]);
});

it('goes by what was seen last where the counter is closed or fenced, without a look-up', async () => {
  const { world, process } = await aWorld();
  const id = await anOpenCampaign(process, 1);
  await process.directory.opened();
  process.calls.away('campaigns', 'database');
  world.time.advance(1_000);
  const lookUps = process.calls.count('campaigns.all');
  expect(await process.directory.explain(id, 'fenced')).toEqual({ kind: 'counter-gone' });
  expect(await process.directory.explain(randomCampaignId(), 'closed')).toEqual({ kind: 'counter-gone' });
  expect(process.calls.count('campaigns.all')).toBe(lookUps);
});
