import { counterOpeningContract } from './counter-opening.contract.ts';
import { inMemoryCounterServer } from './issuance-counter.in-memory.ts';

counterOpeningContract('in memory', inMemoryCounterServer);
