import { setTimeout as sleep } from 'node:timers/promises';
import { Deployment } from '../../../test/support/deployment.ts';
import type { ServerStack } from '../../../test/support/own-servers.ts';
import type { Campaign } from '../strategy.ts';
import type { Door } from './burst.ts';
import type { Contender, Running } from './contender.ts';
import { dropDatabase, freshDatabase } from './fresh-servers.ts';

export const THIS_SERVICE = 'this-service';

/** The processes that `npm run build` made, as they run anywhere: two APIs and one consumer. */
export const thisService: Contender = { name: THIS_SERVICE, title: 'this service', processes: 2, start };

async function start(servers: ServerStack, campaigns: readonly Campaign[]): Promise<Running> {
  const database = await freshDatabase(servers);
  const deployment = new Deployment(servers, { database, LOG_LEVEL: 'warn' });
  const killed = new Set<unknown>();
  let replacing = false;
  const running: Running = {
    doors: (): readonly Door[] => deployment.apis.map(({ url }, index) => ({ url, isOpen: index > 0 || !replacing })),
    database,
    async replaceApi(after) {
      const [api] = deployment.apis;
      if (api === undefined) throw new Error('no API was started');
      replacing = true;
      killed.add(api);
      await api.kill();
      await sleep(after);
      await deployment.restart(api);
      replacing = false;
    },
    async isSettled({ id }) {
      // Of the one that is never killed.
      const account = await deployment.client(1).account(id);
      const { pending, inFlight, unaccounted, granted, issued, failed } = account;
      return pending === 0 && inFlight === 0 && unaccounted === 0 && issued + failed === granted;
    },
    check() {
      const ended = [...deployment.apis, ...deployment.consumers].find((each) => !each.isRunning && !killed.has(each));
      if (ended !== undefined) throw new Error(`${ended.name} ended by itself: ${ended.output}`);
    },
    async [Symbol.asyncDispose]() {
      await deployment.kill();
      await dropDatabase(servers, database);
    },
  };
  try {
    await deployment.migrate();
    await deployment.startConsumers(1);
    await deployment.startApis(2);
    await deployment.ready();
    for (const { id, limit } of campaigns) {
      const { status, body } = await deployment.client().createCampaign(id, limit);
      if (status !== 201) throw new Error(`PUT of ${id} is answered ${status} ${JSON.stringify(body)}`);
    }
    return running;
  } catch (error) {
    await running[Symbol.asyncDispose]();
    throw error;
  }
}
