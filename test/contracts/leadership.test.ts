import { InMemoryLeadership } from '../../src/adapters/in-memory/in-memory-leadership.ts';
import { InMemoryRecords } from '../../src/adapters/in-memory/records.ts';
import { leadershipContract } from './leadership.contract.ts';

leadershipContract('InMemoryLeadership', async () => {
  const records = new InMemoryRecords();
  return [new InMemoryLeadership(records), new InMemoryLeadership(records)];
});
