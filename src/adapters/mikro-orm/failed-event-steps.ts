import { defineEntity, p, type SqlEntityManager } from '@mikro-orm/mysql';
import type { Actor, FailedEventStep, StepKind } from '../../domain/failed-event.ts';

export const FailedEventStepRow = defineEntity({
  name: 'FailedEventStepRow',
  tableName: 'failed_event_steps',
  properties: {
    id: p.bigint('string').primary(),
    failedEventId: p.bigint('string'),
    at: p.datetime(3),
    actor: p.string().length(16).$type<Actor>(),
    step: p.string().length(32).$type<StepKind>(),
    detail: p.text(),
  },
});

/** One step of each of these failed events, within the transaction that makes it. */
export async function addSteps(
  em: SqlEntityManager,
  ids: readonly string[],
  { at, actor, step, detail }: FailedEventStep,
): Promise<void> {
  if (ids.length === 0) return;
  const rows = ids.map((id) => [id, new Date(at), actor, step, detail]);
  await em.execute('insert into failed_event_steps (failed_event_id, at, actor, step, detail) values ?', [rows]);
}

/** The first step of the events with these digests that have none yet: their ids are known to the server only. */
export async function addKeptSteps(em: SqlEntityManager, digests: readonly string[]): Promise<void> {
  await em.execute(
    `insert into failed_event_steps (failed_event_id, at, actor, step, detail)
     select id, created_at, 'consumer', 'kept', concat(reason, ': ', detail) from failed_events e
     where digest in (?) and not exists (select 1 from failed_event_steps s where s.failed_event_id = e.id)
     order by id`,
    [[...digests]],
  );
}

export async function stepsOf(em: SqlEntityManager, id: string): Promise<readonly FailedEventStep[]> {
  const rows = await em.find(FailedEventStepRow, { failedEventId: id }, { orderBy: { id: 'asc' } });
  return rows.map(({ at, actor, step, detail }) => ({ at: at.getTime(), actor, step, detail }));
}
