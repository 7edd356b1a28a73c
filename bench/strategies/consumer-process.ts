import { strategyOf } from './all-strategies.ts';
import type { Orders } from './orders.ts';

/** The consumer of a strategy that has one; it says 0 when it takes events. */
process.once('message', (orders: Orders) => void consume(orders));
// Whoever it works for has ended.
process.once('disconnect', () => process.exit(0));

async function consume({ strategy, servers }: Orders): Promise<void> {
  await strategyOf(strategy).consume?.(servers);
  process.send?.(0);
}
