import { expect, it } from 'vitest';
import { overload } from '../overload/overload.ts';
import { Deployment } from '../support/deployment.ts';
import { describeOnOwnServers } from '../support/server-stack.ts';
import { Stores } from '../support/stores.ts';

/** Few enough to be full in a moment, on any machine. */
const MAX_IN_FLIGHT = '64';

await describeOnOwnServers('an API that is asked for far more than it can serve', (servers) => {
  it('tells nobody anything untrue, and everybody whom it turns away that nothing was granted', async () => {
    const deployment = new Deployment(servers, { MAX_IN_FLIGHT, LOG_LEVEL: 'warn' });
    await deployment.migrate();
    await deployment.startConsumers(1);
    await deployment.startApis(1);
    await deployment.ready();
    await using stores = new Stores(deployment);

    const plan = { seconds: 5, capacitySeconds: 2, factor: 10, clients: 1_000, slowSockets: 300 };
    const { overload: during, violations } = await overload(deployment, stores, plan);
    expect(violations).toEqual([]);
    expect(during.tally.shed).toBeGreaterThan(0);
    expect(during.tally.accepted).toBeGreaterThan(0);
    expect(during.tally.refused).toBeGreaterThan(0);
    await deployment.stop();
  });
});
