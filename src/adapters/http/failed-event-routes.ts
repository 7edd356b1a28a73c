import type { Router } from '@koa/router';
import type { Middleware } from 'koa';
import type { ListFailedEvents } from '../../application/list-failed-events.ts';
import type { ReissueFailedEvents } from '../../application/reissue-failed-events.ts';
import { type CampaignId, isCampaignId } from '../../domain/campaign-id.ts';
import type { FieldError } from '../../domain/domain-error.ts';
import {
  FAILED_EVENT_STATUSES,
  type FailedEvent,
  type FailedEventFilter,
  type FailedEventStatus,
} from '../../domain/failed-event.ts';
import { refuseBody } from './body.ts';
import { writeInstant } from './instant.ts';
import { writeProblem } from './problem.ts';
import { pageRequest, readQuery } from './query.ts';
import { invalidRequest } from './request-refused.ts';

export interface FailedEventParts {
  readonly listFailedEvents: ListFailedEvents;
  readonly reissueFailedEvents: ReissueFailedEvents;
}

/** Kept narrow: a database that compares numbers would take `1abc` for 1. */
const FAILED_EVENT_ID = /^[1-9][0-9]{0,18}$/;

export function failedEventRoutes(
  router: Router,
  adminOnly: Middleware,
  { listFailedEvents, reissueFailedEvents }: FailedEventParts,
): void {
  router.get('/admin/failed-events', adminOnly, async (ctx) => {
    const query = readQuery(ctx, ['campaign', 'status', 'limit', 'cursor']);
    const { items, nextCursor } = await listFailedEvents.execute(filterOf(query), pageRequest(query));
    ctx.body = { items: items.map(failedEventJson), nextCursor };
  });

  router.post('/admin/failed-events/reissue', adminOnly, async (ctx) => {
    const { campaignId } = filterOf(readQuery(ctx, ['campaign']));
    await refuseBody(ctx.req);
    ctx.body = await reissueFailedEvents.all(campaignId);
  });

  router.post('/admin/failed-events/:id/reissue', adminOnly, async (ctx) => {
    const id = ctx.params['id'] ?? '';
    readQuery(ctx, []);
    await refuseBody(ctx.req);
    const answer = FAILED_EVENT_ID.test(id) ? await reissueFailedEvents.one(id) : ({ kind: 'not-found' } as const);
    switch (answer.kind) {
      case 'not-found':
        return writeProblem(ctx, { kind: 'not-found', detail: 'There is no such failed event.' });
      case 'not-reissuable':
        return writeProblem(ctx, { kind: 'not-reissuable', detail: answer.detail });
      case 'done':
        ctx.body = answer.report;
    }
  });
}

interface Asked {
  readonly campaign?: string;
  readonly status?: string;
}

function filterOf({ campaign, status }: Asked): FailedEventFilter {
  const errors: FieldError[] = [];
  const filter = { campaignId: null as CampaignId | null, status: null as FailedEventStatus | null };
  if (campaign !== undefined) {
    if (isCampaignId(campaign)) filter.campaignId = campaign;
    else errors.push({ field: 'campaign', detail: 'must be a campaign id' });
  }
  if (status !== undefined) {
    filter.status = FAILED_EVENT_STATUSES.find((each) => each === status) ?? null;
    if (!filter.status) errors.push({ field: 'status', detail: `must be one of ${FAILED_EVENT_STATUSES.join(', ')}` });
  }
  if (errors.length > 0) throw invalidRequest('The query is not valid.', errors);
  return filter;
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const base64OrNull = (bytes: Uint8Array | null): string | null => bytes && base64(bytes);

function failedEventJson({ raw, grant, ...event }: FailedEvent): object {
  return {
    id: event.id,
    campaignId: grant?.campaignId ?? null,
    userId: grant?.userId ?? null,
    sequence: grant?.sequence ?? null,
    epoch: grant?.epoch ?? null,
    reason: event.reason,
    detail: event.detail,
    status: event.status,
    attempts: event.attempts,
    holdsSlot: event.holdsSlot,
    topic: raw.topic,
    partition: raw.partition,
    offset: raw.offset,
    createdAt: writeInstant(event.createdAt),
    updatedAt: writeInstant(event.updatedAt),
    content: {
      key: base64OrNull(raw.key),
      value: base64OrNull(raw.value),
      headers: raw.headers.map(([name, value]) => [name, base64(value)]),
      length: raw.length,
      sha256: raw.digest,
    },
  };
}
