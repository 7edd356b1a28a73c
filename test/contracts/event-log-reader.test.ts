import { InMemoryEventLog } from '../../src/adapters/in-memory/event-log.ts';
import { InMemoryEventLogReader } from '../../src/adapters/in-memory/in-memory-event-log-reader.ts';
import { eventLogReaderContract } from './event-log-reader.contract.ts';

eventLogReaderContract('in memory', async () => {
  const log = new InMemoryEventLog('coupon_create', 2);
  return {
    reader: new InMemoryEventLogReader(log),
    append: async (grants) => {
      for (const grant of grants) log.append(grant);
    },
    appendForeign: async (partition) => log.appendMalformed(partition, new Uint8Array([1]), 'not a grant'),
    end: async () => log.end(),
    recreate: async () => log.recreate(),
    forget: async (partition, before) => log.forget(partition, before),
    committed: async () => log.group('issuers').committed(),
    cutOff: () => log.suffer('away'),
    [Symbol.asyncDispose]: async () => {},
  };
});
