import { expect, it } from 'vitest';
import { anOpenCampaign, applyAll, aWorld, someUsers } from '../support/in-memory-world.ts';
import { randomCampaignId } from '../support/random.ts';

it('shows what is granted and what remains, without asking the permanent record', async () => {
  const { process } = await aWorld();
  const id = await anOpenCampaign(process, 3);
  await applyAll(process, id, someUsers(2));
  process.calls.away('campaigns', 'database');
  const answer = await process.showCampaign.execute(id);
  const campaign = { id, name: 'Welcome', limit: 3, granted: 2, remaining: 1, startsAt: null, endsAt: null };
  expect(answer).toEqual({ kind: 'shown', campaign: { ...campaign, state: 'open' } });
});

it('judges the state by the clock of the counter', async () => {
  const { world, process } = await aWorld();
  const startsAt = world.time.now() + 1_000;
  const id = await anOpenCampaign(process, 1, { startsAt, endsAt: startsAt + 1_000 });
  const states: string[] = [];
  for (const wait of [0, 1_000, 1_000]) {
    world.time.advance(wait);
    const answer = await process.showCampaign.execute(id);
    states.push(answer.kind === 'shown' ? answer.campaign.state : answer.kind);
  }
  expect(states).toEqual(['scheduled', 'open', 'ended']);
});

it('shows a campaign without free slots as sold out', async () => {
  const { process } = await aWorld();
  const id = await anOpenCampaign(process, 2);
  await applyAll(process, id, someUsers(5));
  expect(await process.showCampaign.execute(id)).toMatchObject({ campaign: { state: 'sold-out', remaining: 0 } });
});

it('gives no figures of a campaign that is being rebuilt', async () => {
  const { world, process } = await aWorld();
  const id = await anOpenCampaign(process, 2);
  world.store.wipe();
  expect(await process.showCampaign.execute(id)).toEqual({ kind: 'rebuilding', reason: 'missing' });
  world.store.restart();
  expect(await process.showCampaign.execute(id)).toEqual({ kind: 'rebuilding', reason: 'fenced' });
});

it('does not find a campaign that nobody recorded', async () => {
  const { process } = await aWorld();
  expect(await process.showCampaign.execute(randomCampaignId())).toEqual({ kind: 'campaign-not-found' });
});
