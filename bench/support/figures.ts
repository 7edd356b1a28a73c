import type { Goal, Readings, Suite } from '../suite.ts';
import type { FigureResult } from './results.ts';
import { spreadOf } from './statistics.ts';

/** @throws Error where a figure cannot be computed of what was read */
export function figuresOf(
  { name: suite, figures }: Pick<Suite, 'name' | 'figures'>,
  readings: readonly Readings[],
): readonly FigureResult[] {
  return figures.map(({ name, title, unit, goal = null, of }) => {
    const rounds = readings.map(of);
    if (!rounds.every(Number.isFinite)) {
      throw new Error(`${suite}/${name} is not a number in every round: ${rounds.join(', ')}`);
    }
    return { suite, name, title, unit, goal, ...spreadOf(rounds), rounds };
  });
}

/** By the median; null where there is no goal. */
export function isMet(goal: Goal | null, median: number): boolean | null {
  if (goal === null) return null;
  return 'atLeast' in goal ? median >= goal.atLeast : median <= goal.atMost;
}
