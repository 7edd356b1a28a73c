import { expect, test } from 'vitest';
import { repeatedWhereStalled, Stalled } from '../../../bench/tries/stalled.ts';

/** A turn that ends with these errors first; answers how often it was taken. */
function turnAfter(...errors: readonly Error[]): () => Promise<number> {
  let taken = 0;
  return async () => {
    const error = errors[taken++];
    if (error !== undefined) throw error;
    return taken;
  };
}

test('a turn in which the machine stood still is repeated', async () => {
  expect(await repeatedWhereStalled(turnAfter(new Stalled('once'), new Stalled('twice')))).toBe(3);
});

test('a machine that stands still all the time is an error', async () => {
  const always = turnAfter(...Array.from({ length: 10 }, () => new Stalled('again')));
  await expect(repeatedWhereStalled(always)).rejects.toThrow('again');
});

test('a wrong result is not measured again until it is right', async () => {
  await expect(repeatedWhereStalled(turnAfter(new Error('oversold')))).rejects.toThrow('oversold');
});
