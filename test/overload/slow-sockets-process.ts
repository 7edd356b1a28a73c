import { type SlowPlan, SlowSockets } from './slow-sockets.ts';

/** Keeps slow connections open until the process that forked this one says stop. */
process.once('message', (plan: SlowPlan) => {
  const sockets = new SlowSockets(plan);
  sockets.start();
  process.once('message', () => process.send?.(sockets.stop(), () => process.exit(0)));
});
