import { STRATEGIES } from '../all-strategies.ts';
import { mutexInProcess } from '../mutex-in-process.ts';
import { redisLock } from '../redis-lock.ts';
import type { Strategy } from '../strategy.ts';
import type { Contender } from './contender.ts';
import { redisLockContenders } from './redis-lock-contenders.ts';
import { contenderOf } from './strategy-contender.ts';
import { thisService } from './this-service.ts';

/** API processes of each; the mutex runs in one as well, where it is right. */
export const PROCESSES = 2;

export const CONTENDERS: readonly Contender[] = [...STRATEGIES.flatMap(contendersOf), thisService];

function contendersOf(strategy: Strategy): readonly Contender[] {
  switch (strategy) {
    case mutexInProcess:
      return [contenderOf(strategy, 1, 'mutex, one process'), contenderOf(strategy, PROCESSES, 'mutex, two processes')];
    case redisLock:
      return redisLockContenders;
    default:
      return [contenderOf(strategy, PROCESSES)];
  }
}
