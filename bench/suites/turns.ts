import type { Readings } from '../suite.ts';

type Contestant = () => Promise<Readings>;

/** One after the other, in the opposite order on odd rounds, so that none always comes first; their readings together. */
export async function inTurn(round: number, contestants: readonly Contestant[]): Promise<Readings> {
  const readings: Record<string, number> = {};
  for (const contestant of round % 2 === 0 ? contestants : contestants.toReversed()) {
    Object.assign(readings, await contestant());
  }
  return readings;
}
