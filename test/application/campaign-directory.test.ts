import { expect, it } from 'vitest';
import { anOpenCampaign, aWorld } from '../support/in-memory-world.ts';
import { randomCampaignId } from '../support/random.ts';

it('looks up once for all who ask at the same time', async () => {
  const { process } = await aWorld();
  const before = process.calls.count('campaigns.all');
  await Promise.all(Array.from({ length: 100 }, () => process.directory.has(randomCampaignId())));
  expect(process.calls.count('campaigns.all') - before).toBe(1);
});

it('knows a campaign a second after it was recorded at the latest', async () => {
  const { world, process } = await aWorld();
  await process.directory.has(randomCampaignId());
  const id = await anOpenCampaign(process, 1);
  world.time.advance(1_000);
  expect(await process.directory.has(id)).toBe(true);
});

it('asks a record that is away no more than once a second either, and says nothing about the campaign', async () => {
  const { world, process } = await aWorld();
  const id = await anOpenCampaign(process, 1);
  process.calls.away('campaigns', 'database');
  const before = process.calls.count('campaigns.all');
  for (let asked = 0; asked < 5; asked += 1) await expect(process.directory.has(id)).rejects.toThrow('away');
  expect(process.calls.count('campaigns.all') - before).toBe(1);
  process.calls.back('campaigns');
  world.time.advance(1_000);
  expect(await process.directory.has(id)).toBe(true);
});

it('names the opened campaigns as last seen while the record is away', async () => {
  const { world, process } = await aWorld();
  const id = await anOpenCampaign(process, 1);
  expect(await process.directory.opened()).toEqual([id]);
  process.calls.away('campaigns', 'database');
  world.time.advance(1_000);
  expect(await process.directory.opened()).toEqual([id]);
});
