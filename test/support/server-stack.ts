import { afterAll, describe, inject, it } from 'vitest';
import { ServerStack } from './own-servers.ts';

/** A suite on servers of its own, which it may break; skipped where they are not installed. */
export async function describeOnOwnServers(title: string, suite: (servers: ServerStack) => void): Promise<void> {
  const servers = inject('canStartServers') ? await ServerStack.start() : null;
  describe.skipIf(servers === null)(title, () => {
    if (servers === null) return it('needs servers of its own', () => {});
    afterAll(() => servers.remove());
    // A suite inside: a hook that fails keeps the other hooks of its own suite from running.
    describe('on servers of its own', () => suite(servers));
  });
}
