import { NodeClock } from '../../src/adapters/node/node-clock.ts';
import { NodeScheduler } from '../../src/adapters/node/node-scheduler.ts';

export const realClock = new NodeClock();
export const realScheduler = new NodeScheduler();
