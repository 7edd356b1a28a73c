import { inMemoryRecord } from '../support/permanent-record.ts';
import { incarnationsContract } from './incarnations.contract.ts';

incarnationsContract('InMemoryIncarnations', async () => inMemoryRecord());
