import { ApplyLoad } from '../load/apply-load.ts';
import { LoadGenerator } from '../load/load-generator.ts';
import { type Figure, type Readings, reading, type Scale, type Suite } from '../suite.ts';
import type { Installation } from '../support/installation.ts';
import { growthOf, mostOf } from './memory/memory-samples.ts';
import { redisBytesPerUser } from './memory/redis-memory.ts';
import { WatchedMemory } from './memory/watched-memory.ts';

/** Requests are sent in so many loads: each is checked, and forgotten, before the next. */
const FULL = { users: 1_000_000, loads: 20, lookEvery: 1_000 } as const;
const QUICK = { users: 50_000, loads: 10, lookEvery: 200 } as const;

const figure = (name: string, title: string, unit: string, atMost?: number): Figure => ({
  name,
  title,
  unit,
  of: reading(name),
  ...(atMost !== undefined && { goal: { atMost } }),
});

/** What grants leave in Redis, and requests in the API. */
export const memory: Suite = {
  name: 'memory',
  figures: [
    figure('redis-bytes-per-user', 'Redis memory per granted user', 'B', 120),
    figure('api-memory-growth', 'API: growth of resident memory', 'MiB', 16),
    figure('api-heap-growth', 'API: growth of the heap, garbage collected', 'MiB'),
    figure('api-memory-most', 'API: most resident memory', 'MiB'),
    figure('api-requests', 'API: requests that it answered meanwhile', 'requests'),
  ],
  notes: [
    'Measured once, not in each round. Redis: used_memory after 1,000,000 users with ids of 19 digits were granted and settled, less that before.',
    'API: the requests of `--requests`, 0.1 % accepted and the others refused; the last tenth less the second, of resident memory the median and of the heap the least.',
    'Quick: 50,000 users.',
  ],
  async prepare(installation, { quick, requests }) {
    const generator = new LoadGenerator();
    let measured: Promise<Readings> | null = null;
    const size = quick ? QUICK : FULL;
    const measure = async (): Promise<Readings> => ({
      'redis-bytes-per-user': await redisBytesPerUser(installation, size.users),
      ...(await apiMemory(installation, generator, { ...size, requests })),
      'api-requests': requests,
    });
    return {
      async round(number) {
        // The first tenth of the run itself warms up.
        if (number === 0) return {};
        measured ??= measure();
        return measured;
      },
      async [Symbol.asyncDispose]() {
        generator[Symbol.dispose]();
      },
    };
  },
};

async function apiMemory(
  installation: Installation,
  generator: LoadGenerator,
  { requests, loads, lookEvery }: (typeof FULL | typeof QUICK) & Pick<Scale, 'requests'>,
): Promise<Readings> {
  const load = new ApplyLoad(installation, generator);
  using watched = new WatchedMemory(installation.api, lookEvery);
  for (let number = 0; number < loads; number += 1) {
    watched.progress = (number + 0.5) / loads;
    await load.refused({ ports: [installation.api.port], requests: requests / loads });
  }
  const { samples } = watched;
  return {
    'api-memory-growth': growthOf(samples, 'resident'),
    'api-heap-growth': growthOf(samples, 'heap'),
    'api-memory-most': mostOf(samples, 'resident'),
  };
}
