import { inMemoryRecord } from '../support/permanent-record.ts';
import { failedEventStoreContract } from './failed-event-store.contract.ts';

failedEventStoreContract('InMemoryFailedEventStore', async () => inMemoryRecord());
