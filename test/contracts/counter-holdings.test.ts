import { counterHoldingsContract } from './counter-holdings.contract.ts';
import { inMemoryCounterServer } from './issuance-counter.in-memory.ts';

counterHoldingsContract('in memory', inMemoryCounterServer);
