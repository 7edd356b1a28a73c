import type { SqlEntityManager } from '@mikro-orm/mysql';
import type { FailedEventStatus, FailedEventStep } from '../../domain/failed-event.ts';
import { addSteps } from './failed-event-steps.ts';

/** Closes those of these failed events that are still open, and gives their leases back. */
export async function closeEvents(
  em: SqlEntityManager,
  ids: readonly string[],
  status: Exclude<FailedEventStatus, 'open'>,
  step: FailedEventStep,
): Promise<void> {
  if (ids.length === 0) return;
  const still = "select cast(id as char) as found from failed_events where id in (?) and status = 'open'";
  const rows = await em.execute<{ found: string }[]>(`${still} order by id for update`, [[...ids]]);
  const open = rows.map(({ found }) => found);
  if (open.length === 0) return;
  await em.execute(
    'update failed_events set status = ?, updated_at = ?, lease_owner = null, lease_until = null where id in (?)',
    [status, new Date(step.at), open],
  );
  await addSteps(em, open, step);
}
