import { issuanceCounterContract } from './issuance-counter.contract.ts';
import { inMemoryCounterServer } from './issuance-counter.in-memory.ts';

issuanceCounterContract('in memory', inMemoryCounterServer);
