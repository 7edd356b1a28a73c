import type { InMemoryCounterStore } from '../../src/adapters/in-memory/in-memory-counter-store.ts';
import type { Clock } from '../../src/domain/ports/clock.ts';
import type { Host } from './host.ts';
import type { Parts } from './parts.ts';
import type { World } from './world.ts';

/** The places of the service where one guard can be taken away. */
export interface Sabotage {
  store?(clock: Clock): InMemoryCounterStore;
  /** What the servers do for a process, before any line lies between them. */
  servers?(far: Parts, world: World, host: Host): void;
  /** What the process itself does. */
  process?(near: Parts, world: World, host: Host): void;
}

export const NO_SABOTAGE: Sabotage = {};
