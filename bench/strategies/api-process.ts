import type { AddressInfo } from 'node:net';
import { strategyOf } from './all-strategies.ts';
import { apiApp } from './api-app.ts';
import type { Orders } from './orders.ts';

/** One API process of a strategy; it says its port when it listens. */
process.once('message', (orders: Orders) => void serve(orders));
// Whoever it works for has ended.
process.once('disconnect', () => process.exit(0));

async function serve({ strategy, servers, campaigns }: Orders): Promise<void> {
  const apply = await strategyOf(strategy).open(servers);
  const server = apiApp(apply, campaigns).listen(0, '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo;
    process.send?.(port);
  });
}
