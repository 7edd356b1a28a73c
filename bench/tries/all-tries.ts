import { connections } from './connections.ts';
import { encoding } from './encoding.ts';
import { gathering } from './gathering.ts';
import { routing } from './routing.ts';
import type { Try } from './try.ts';

/** Those that need no servers come first: nothing of the service runs beside them. */
export const ALL_TRIES: readonly Try[] = [encoding, routing, connections, gathering];
