import { describe, inject } from 'vitest';
import type { Services } from './probe-services.ts';

const found = inject('services');

/** A suite that runs on the real servers, and is skipped where there are none. */
export const describeWithServices = describe.skipIf(found === null);

/** Where the real servers are; only suites of `describeWithServices` may ask. */
export function services(): Services {
  if (found === null) throw new Error('no servers: use describeWithServices');
  return found;
}
