import { inMemoryRecord } from '../support/permanent-record.ts';
import { issuanceRecordsContract } from './issuance-records.contract.ts';

issuanceRecordsContract('InMemoryIssuanceRecords', async () => inMemoryRecord());
