import { isPromise, TOLD, type Told } from './told.ts';
import { TRUE_STATES, type TrueState } from './truth.ts';

/** How many were told this while that was true. */
export type Matrix = Readonly<Record<Told, Readonly<Record<TrueState, number>>>>;

export function countMatrix(pairs: Iterable<readonly [told: Told, truth: TrueState]>): Matrix {
  const matrix = Object.fromEntries(
    TOLD.map((told) => [told, Object.fromEntries(TRUE_STATES.map((state) => [state, 0]))]),
  ) as Record<Told, Record<TrueState, number>>;
  for (const [told, truth] of pairs) matrix[told][truth] += 1;
  return matrix;
}

/** A cell that a service which keeps its word leaves empty. */
export const mustBeZero = (told: Told, truth: TrueState): boolean =>
  isPromise(told) && (truth === 'none' || truth === 'unsettled');
