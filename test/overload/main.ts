import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { Deployment } from '../support/deployment.ts';
import { ServerStack } from '../support/own-servers.ts';
import { Stores } from '../support/stores.ts';
import { overload, type Phase } from './overload.ts';

const HELP = `Drives one API process on real servers at a multiple of its capacity, among slow connections.

  npm run overload -- [--seconds 60] [--capacity-seconds 10] [--factor 10] [--clients 6000] [--slow-sockets 2000]

Ends with 1 where somebody was told what is not true, where memory was not bounded, or where less than 80 % of the
capacity that was measured in the same run was served.`;

const LEAST_GOODPUT = 0.8;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    'capacity-seconds': { type: 'string', default: '10' },
    factor: { type: 'string', default: '10' },
    clients: { type: 'string', default: '6000' },
    'slow-sockets': { type: 'string', default: '2000' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(HELP);
  process.exit(0);
}

const servers = await ServerStack.start();
const deployment = new Deployment(servers, { LOG_LEVEL: 'warn' });
try {
  await deployment.migrate();
  await deployment.startConsumers(1);
  await deployment.startApis(1);
  await deployment.ready();
  await using stores = new Stores(deployment);
  const result = await overload(deployment, stores, {
    seconds: Number(values.seconds),
    capacitySeconds: Number(values['capacity-seconds']),
    factor: Number(values.factor),
    clients: Number(values.clients),
    slowSockets: Number(values['slow-sockets']),
  });

  const { before, overload: during, after, slow, memory, violations } = result;
  const capacity = (before.goodput + after.goodput) / 2;
  const share = (rate: number): string => (rate / capacity).toFixed(2);
  const line = (name: string, phase: Phase) =>
    [
      name.padEnd(16),
      `arrivals ${share(phase.arrivals)}`,
      `sent ${share(phase.sent)}`,
      `goodput ${share(phase.goodput)}`,
      `median ${phase.median} ms`,
      `p99 ${phase.p99} ms`,
      Object.entries(phase.tally)
        .filter(([, count]) => count > 0)
        .map(([outcome, count]) => `${outcome} ${count}`)
        .join(', '),
    ].join('  ');
  console.log(
    [
      `${availableParallelism()} cores, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}; 1.00 is the capacity before and after, ${Math.round(capacity)} answers/s`,
      line('capacity before', before),
      line(`overload × ${values.factor}`, during),
      line('capacity after', after),
      `slow sockets: ${values['slow-sockets']} at a time, ${slow.opened} opened, ${slow.closedByServer} closed by the service, ${slow.timeoutsTold} told 408`,
      `memory of the API: resident ${memory.before.resident} MiB before, ${memory.most} at most, ${memory.after.resident} after; heap ${memory.before.heap} MiB before, ${memory.after.heap} after`,
      ...violations.map((violation) => `VIOLATION: ${violation}`),
      ...(during.goodput >= LEAST_GOODPUT * capacity
        ? []
        : [`TOO LITTLE: ${share(during.goodput)} of the capacity was served, ${LEAST_GOODPUT} is the least`]),
    ].join('\n'),
  );
  process.exitCode = violations.length > 0 || during.goodput < LEAST_GOODPUT * capacity ? 1 : 0;
} finally {
  await deployment.kill();
  await servers.remove();
}
