import { InMemoryCouponEventConsumer } from '../../src/adapters/in-memory/in-memory-coupon-event-consumer.ts';
import { InMemoryLeadership } from '../../src/adapters/in-memory/in-memory-leadership.ts';
import { TOKENS as T } from '../../src/bootstrap/tokens.ts';
import type { Leadership } from '../../src/domain/ports/leadership.ts';
import { ConsumerLine } from './consumer-line.ts';
import type { Host } from './host.ts';
import type { Parts } from './parts.ts';
import { partsOf } from './process.ts';
import { GROUP } from './simulated-log.ts';
import type { World } from './world.ts';

export interface Api {
  readonly host: Host;
  readonly parts: Parts;
}

export interface Consumer extends Api {
  readonly consumer: InMemoryCouponEventConsumer;
  readonly leadership: InMemoryLeadership;
}

/** One life of an API process. */
export const startApi = (world: World, host: Host): Api => ({ host, parts: partsOf(world, host) });

/** One life of a consumer process: it issues coupons, and leads while no other does. */
export function startConsumer(world: World, host: Host): Consumer {
  const parts = partsOf(world, host);
  const line = new ConsumerLine(world.log, host, world.eventLog);
  const handle = parts.get(T.handleEvents);
  const consumer = new InMemoryCouponEventConsumer(line, GROUP, handle, host, parts.get(T.journal));
  const leadership = new InMemoryLeadership(world.records);
  parts.set(T.leadership, leadershipOver(leadership, world, host));
  consumer.start();
  void parts.get(T.lead).execute(new AbortController().signal);
  return { host, parts, consumer, leadership };
}

/** Nobody who cannot be heard leads, and no session outlives its process. */
const leadershipOver = (leadership: InMemoryLeadership, { database }: World, host: Host): Leadership => ({
  hold: () => database.call(host, async () => host.isAlive && (await leadership.hold())).catch(() => false),
  release: () => leadership.release(),
});
