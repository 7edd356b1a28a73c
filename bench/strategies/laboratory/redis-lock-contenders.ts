import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import type { ServerStack } from '../../../test/support/own-servers.ts';
import { lockOf, redisLock } from '../redis-lock.ts';
import type { Campaign } from '../strategy.ts';
import type { Contender, Running } from './contender.ts';
import { Observer } from './observer.ts';
import { startStrategy } from './strategy-contender.ts';
import type { Worker } from './worker.ts';

const PROCESSES = 2;
const LOOK_EVERY = 20;
const CAUGHT_WITHIN = 20_000;
const LONGEST_PAUSE = 10_000;
/** What a process sent before it was frozen has arrived by then, in milliseconds. */
const RELEASED_WITHIN = 20;

/** Where a process is killed, it is one that holds the lock: at any moment one of them does. */
const killedHolder: Contender = {
  name: redisLock.name,
  title: redisLock.title,
  processes: PROCESSES,
  async start(servers, campaigns) {
    const { running, freezeHolder } = await startLocks(servers, campaigns);
    return {
      ...running,
      async replaceApi(after) {
        await freezeHolder(() => sleep(RELEASED_WITHIN, true));
        await running.replaceApi(after);
      },
    };
  },
};

/**
 * One holder stands still between its count and its insert, as a garbage collection, a hypervisor or a slow insert
 * makes it, until the others have sold the rest.
 */
const pausedHolder: Contender = {
  name: 'redis-lock-paused',
  title: 'Redis lock, one holder paused',
  processes: PROCESSES,
  onlyIn: 'burst',
  standsStill: 5_000,
  async start(servers, campaigns) {
    const { running, freezeHolder } = await startLocks(servers, campaigns);
    return {
      ...running,
      async pauseHolder(isOver) {
        await using observer = new Observer(servers);
        // Only the holder of the lock has a transaction.
        const frozen = await freezeHolder(() => observer.hasTransactionThatOnlyRead());
        const deadline = performance.now() + LONGEST_PAUSE;
        while (!(await isOver()) && performance.now() < deadline) await sleep(LOOK_EVERY);
        frozen.thaw();
      },
    };
  },
};

export const redisLockContenders: readonly Contender[] = [killedHolder, pausedHolder];

interface Locks {
  readonly running: Running;
  /** Freezes the first process when it holds the lock of the last campaign, and `isThere` besides. */
  readonly freezeHolder: (isThere: () => Promise<boolean>) => Promise<Worker>;
}

async function startLocks(servers: ServerStack, campaigns: readonly Campaign[]): Promise<Locks> {
  const running = await startStrategy(redisLock, PROCESSES, servers, campaigns);
  const [api] = running.apis;
  const campaign = campaigns.at(-1);
  if (api === undefined || campaign === undefined) throw new Error('there is no lock to hold');
  return {
    running,
    async freezeHolder(isThere) {
      const redis = new Redis(servers.redisUrl);
      const isHolder = async (): Promise<boolean> =>
        (await redis.get(lockOf(campaign)))?.startsWith(`${api.pid}:`) ?? false;
      try {
        for (const deadline = performance.now() + CAUGHT_WITHIN; performance.now() < deadline; ) {
          api.freeze();
          if ((await isHolder()) && (await isThere()) && (await isHolder())) return api;
          api.thaw();
          await sleep(Math.random() * LOOK_EVERY);
        }
        throw new Error(`the holder of the lock was not caught within ${CAUGHT_WITHIN} ms`);
      } finally {
        redis.disconnect();
      }
    },
  };
}
