import type { Answer } from './history.ts';

/** What a user can be told, the strongest first. */
export const TOLD = ['accepted', 'already', 'sold-out', 'refused', 'error', 'timeout'] as const;
export type Told = (typeof TOLD)[number];

/** Null is a tester that ended before the answer came: nobody knows more than after a timeout. */
export function toldBy(answer: Pick<Answer, 'status' | 'kind'> | null): Told {
  if (answer === null || answer.kind === 'timeout') return 'timeout';
  const { status, kind } = answer;
  if (status === 202) return 'accepted';
  if (status === 200) return 'already';
  if (kind === 'sold-out') return 'sold-out';
  return status >= 400 && status < 500 ? 'refused' : 'error';
}

/** He may rely on a coupon. */
export const isPromise = (told: Told): boolean => told === 'accepted' || told === 'already';

/** It grants nothing, for certain. */
export const isRefusal = (told: Told): boolean => told === 'sold-out' || told === 'refused';
