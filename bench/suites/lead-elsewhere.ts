import { MikroOrmLeadership } from '../../src/adapters/mikro-orm/mikro-orm-leadership.ts';
import { makeOrm } from '../../src/adapters/mikro-orm/orm.ts';
import type { Installation } from '../support/installation.ts';

/**
 * Leads in place of the service's consumer, and does none of a leader's work until it is disposed of: the consumer does
 * what one of several does that does not lead, and nobody compares a million grants that never had an event.
 */
export async function leadElsewhere({ deployment, consumer }: Installation): Promise<AsyncDisposable> {
  const orm = makeOrm(deployment.servers.mysqlUrl(deployment.database));
  const leadership = new MikroOrmLeadership(orm);
  await consumer.stop();
  const leads = await leadership.hold();
  await deployment.restart(consumer);
  if (!leads) throw new Error('the lead could not be taken over');
  return {
    async [Symbol.asyncDispose]() {
      await leadership.release();
      await orm.close(true);
    },
  };
}
