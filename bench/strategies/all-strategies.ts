import { countThenInsert } from './count-then-insert.ts';
import { getLock } from './get-lock.ts';
import { mutexInProcess } from './mutex-in-process.ts';
import { redisIncr } from './redis-incr.ts';
import { redisLock } from './redis-lock.ts';
import { selectForUpdate } from './select-for-update.ts';
import type { Strategy } from './strategy.ts';
import { textbookPipeline } from './textbook-pipeline.ts';

/** From the simplest on. */
export const STRATEGIES: readonly Strategy[] = [
  countThenInsert,
  mutexInProcess,
  selectForUpdate,
  getLock,
  redisLock,
  redisIncr,
  textbookPipeline,
];

/** @throws Error where there is none of that name */
export function strategyOf(name: string): Strategy {
  const found = STRATEGIES.find((each) => each.name === name);
  if (found === undefined) throw new Error(`there is no strategy ${name}`);
  return found;
}
