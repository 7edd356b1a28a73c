import { inMemoryRecord } from '../support/permanent-record.ts';
import { voidsContract } from './voids.contract.ts';

voidsContract('InMemoryVoids', async () => inMemoryRecord());
