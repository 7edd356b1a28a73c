import { expect, it } from 'vitest';
import { aWorld } from '../support/in-memory-world.ts';

it('reads the incarnation again in the background once it is doubted, at most once a second', async () => {
  const { world, process } = await aWorld();
  const before = process.calls.count('incarnations.current');
  world.records.incarnation += 1;
  for (let doubted = 0; doubted < 10; doubted += 1) process.known.doubt();
  await world.rest();
  expect(process.calls.count('incarnations.current') - before).toBe(1);
  expect(process.known.value?.number).toBe(world.records.incarnation);
  world.time.advance(1_000);
  process.known.doubt();
  expect(process.calls.count('incarnations.current') - before).toBe(2);
});

it('keeps what it knows, and the reason, when a reading in the background fails', async () => {
  const { world, process } = await aWorld();
  const { value } = process.known;
  process.calls.away('incarnations', 'database');
  process.known.doubt();
  await world.rest();
  expect(process.known.value).toBe(value);
  expect(process.known.lastFailure).toMatchObject({ name: 'Unavailable' });
  process.calls.back('incarnations');
  world.time.advance(1_000);
  process.known.doubt();
  await world.rest();
  expect(process.known.lastFailure).toBeNull();
});

it('never goes back to an older incarnation when two readings overtake each other', async () => {
  const { world, process } = await aWorld();
  const slow = process.calls.stopAfter('incarnations.current');
  const older = process.known.refresh();
  await slow.reached;
  world.records.incarnation += 1;
  await process.known.refresh();
  slow.goOn();
  await older;
  expect(process.known.value?.number).toBe(world.records.incarnation);
});
