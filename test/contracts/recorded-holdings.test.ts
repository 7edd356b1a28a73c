import { inMemoryRecord } from '../support/permanent-record.ts';
import { recordedHoldingsContract } from './recorded-holdings.contract.ts';

recordedHoldingsContract('InMemoryRecordedHoldings', async () => inMemoryRecord());
