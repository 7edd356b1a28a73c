import { countThenInsert } from './count-then-insert.ts';
import type { Strategy } from './strategy.ts';

/** `synchronized` around count and insert: in this process only one application at a time gets past here. */
export const mutexInProcess: Strategy = {
  name: 'mutex-in-process',
  title: 'mutex in the process',
  uniqueUsers: false,
  async open(servers) {
    const apply = await countThenInsert.open(servers);
    let last: Promise<unknown> = Promise.resolve();
    return (campaign, userId) => {
      const turn = last.then(() => apply(campaign, userId));
      // Held until the transaction has ended, one way or the other.
      last = turn.catch(() => undefined);
      return turn;
    };
  },
};
