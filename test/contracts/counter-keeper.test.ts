import { counterKeeperContract } from './counter-keeper.contract.ts';
import { inMemoryCounterServer } from './issuance-counter.in-memory.ts';

counterKeeperContract('in memory', inMemoryCounterServer);
