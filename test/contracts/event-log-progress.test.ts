import { InMemoryEventLog } from '../../src/adapters/in-memory/event-log.ts';
import { InMemoryEventLogProgress } from '../../src/adapters/in-memory/in-memory-event-log-progress.ts';
import { eventLogProgressContract } from './event-log-progress.contract.ts';

eventLogProgressContract('in memory', async () => {
  const log = new InMemoryEventLog('coupon_create', 2);
  const group = log.group('issuers');
  const member = {};
  group.join(member);
  return {
    progress: new InMemoryEventLogProgress(log, 'issuers'),
    append: async (partition, events) => {
      for (let each = 0; each < events; each++) log.appendMalformed(partition, new Uint8Array([each]), 'not a grant');
    },
    commit: async (partition, offset) => group.commit(member, partition, offset),
    cutOff: () => log.suffer('away'),
    [Symbol.asyncDispose]: async () => {},
  };
});
