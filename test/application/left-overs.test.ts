import { expect, test } from 'vitest';
import { InMemoryRecords } from '../../src/adapters/in-memory/records.ts';
import { startProcess } from '../support/in-memory-process.ts';
import { anOpenCampaign, aWorld, type InMemoryWorld } from '../support/in-memory-world.ts';
import { randomName, randomUserId } from '../support/random.ts';

/** The same counter and event log over a database that was made anew. */
const withNewDatabase = (world: InMemoryWorld): InMemoryWorld =>
  Object.assign(Object.create(world), { records: new InMemoryRecords(randomName('installation')) });

test('a campaign that an earlier database left in the counter is not adopted by a new one of its name', async () => {
  const { world, process } = await aWorld();
  const id = await anOpenCampaign(process, 1);
  await process.applyForCoupon.execute(id, randomUserId());
  await world.drain(process);
  expect(await process.counter.admit(id, randomUserId())).toEqual({ kind: 'sold-out' });

  const { counter, openCampaign, keepOpen } = startProcess(withNewDatabase(world));
  await world.finish(keepOpen());
  expect(await counter.admit(id, randomUserId())).toEqual({ kind: 'unknown', reason: 'closed' });

  const again = { id, name: 'Welcome', limit: 1, startsAt: null, endsAt: null };
  expect(await openCampaign.execute(again)).toBe('unopened');
  await world.finish(keepOpen());
  expect(await openCampaign.execute(again)).toBe('same');
  expect(await counter.admit(id, randomUserId())).toMatchObject({ kind: 'granted', grant: { sequence: 1 } });
});
