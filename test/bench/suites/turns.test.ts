import { expect, test } from 'vitest';
import { inTurn } from '../../../bench/suites/turns.ts';

async function orderOf(round: number): Promise<readonly string[]> {
  const order: string[] = [];
  const contestant = (name: string) => async () => {
    await Promise.resolve();
    order.push(name);
    return { [name]: order.length };
  };
  const readings = await inTurn(round, ['first', 'second', 'third'].map(contestant));
  expect(Object.keys(readings).toSorted()).toEqual(['first', 'second', 'third']);
  return order;
}

test('contestants take turns, in the opposite order on odd rounds', async () => {
  expect(await orderOf(0)).toEqual(['first', 'second', 'third']);
  expect(await orderOf(1)).toEqual(['third', 'second', 'first']);
  expect(await orderOf(2)).toEqual(['first', 'second', 'third']);
});

test('a contestant that fails ends the round', async () => {
  const failing = inTurn(0, [async () => ({ one: 1 }), () => Promise.reject(new Error('oversold'))]);
  await expect(failing).rejects.toThrow('oversold');
});
