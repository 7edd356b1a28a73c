import { afterAll, beforeAll } from 'vitest';
import { Deployment } from './deployment.ts';
import type { ServerStack } from './own-servers.ts';
import { Stores } from './stores.ts';

interface Deployed {
  readonly deployment: Deployment;
  /** What lies in the servers of that deployment. */
  readonly stores: Stores;
}

/** A deployment for the suite that calls it: ready before its first test, and it fails where a process does not end well. */
export function useDeployment(servers: ServerStack): () => Deployed {
  let deployment: Deployment | undefined;
  let stores: Stores | undefined;
  beforeAll(async () => {
    deployment = await Deployment.start(servers);
    stores = new Stores(deployment);
  });
  afterAll(async () => {
    await stores?.[Symbol.asyncDispose]();
    await deployment?.stop();
  });
  return () => {
    if (deployment === undefined || stores === undefined) throw new Error('it is started before the first test');
    return { deployment, stores };
  };
}
