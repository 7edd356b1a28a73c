import type { Router } from '@koa/router';
import type { Middleware } from 'koa';
import type { ListFailedEvents } from '../../application/list-failed-events.ts';
import type { ReissueFailedEvents } from '../../application/reissue-failed-events.ts';
import type { ShowFailedEvent } from '../../application/show-failed-event.ts';
import type { VoidFailedEvent } from '../../application/void-failed-event.ts';
import { type CampaignId, isCampaignId } from '../../domain/campaign-id.ts';
import type { FieldError } from '../../domain/domain-error.ts';
import { FAILED_EVENT_STATUSES, type FailedEventFilter, type FailedEventStatus } from '../../domain/failed-event.ts';
import { readJson, refuseBody } from './body.ts';
import { failedEventJson, stepJson } from './failed-event-json.ts';
import { writeProblem } from './problem.ts';
import { pageRequest, readQuery } from './query.ts';
import { invalidRequest } from './request-refused.ts';
import { readVoidReason } from './void-body.ts';

export interface FailedEventParts {
  readonly listFailedEvents: ListFailedEvents;
  readonly showFailedEvent: ShowFailedEvent;
  readonly reissueFailedEvents: ReissueFailedEvents;
  readonly voidFailedEvent: VoidFailedEvent;
}

/** Kept narrow: a database that compares numbers would take `1abc` for 1. */
const FAILED_EVENT_ID = /^[1-9][0-9]{0,18}$/;

export function failedEventRoutes(
  router: Router,
  adminOnly: Middleware,
  { listFailedEvents, showFailedEvent, reissueFailedEvents, voidFailedEvent }: FailedEventParts,
): void {
  router.get('/admin/failed-events', adminOnly, async (ctx) => {
    const query = readQuery(ctx, ['campaign', 'status', 'limit', 'cursor']);
    const { items, nextCursor } = await listFailedEvents.execute(filterOf(query), pageRequest(query));
    ctx.body = { items: items.map(failedEventJson), nextCursor };
  });

  router.get('/admin/failed-events/:id', adminOnly, async (ctx) => {
    const id = ctx.params['id'] ?? '';
    readQuery(ctx, []);
    const shown = FAILED_EVENT_ID.test(id) ? await showFailedEvent.execute(id) : null;
    if (shown === null) return writeProblem(ctx, NO_SUCH_EVENT);
    ctx.body = { ...failedEventJson(shown.event), history: shown.history.map(stepJson) };
  });

  router.post('/admin/failed-events/:id/void', adminOnly, async (ctx) => {
    const id = ctx.params['id'] ?? '';
    readQuery(ctx, []);
    const reason = readVoidReason(await readJson(ctx.req));
    const answer = FAILED_EVENT_ID.test(id) ? await voidFailedEvent.execute(id, reason) : NOT_FOUND;
    switch (answer.kind) {
      case 'not-found':
        return writeProblem(ctx, NO_SUCH_EVENT);
      case 'not-voidable':
        return writeProblem(ctx, { kind: 'not-voidable', detail: `Failed event ${id}: ${answer.detail}.` });
      case 'voided': {
        const { campaignId = null, userId = null, sequence = null } = answer.grant ?? {};
        ctx.body = { id, status: 'void', campaignId, userId, sequence, burnt: answer.burnt !== null };
      }
    }
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
    const answer = FAILED_EVENT_ID.test(id) ? await reissueFailedEvents.one(id) : NOT_FOUND;
    switch (answer.kind) {
      case 'not-found':
        return writeProblem(ctx, NO_SUCH_EVENT);
      case 'not-reissuable':
        return writeProblem(ctx, { kind: 'not-reissuable', detail: answer.detail });
      case 'done':
        ctx.body = answer.report;
    }
  });
}

const NOT_FOUND = { kind: 'not-found' } as const;
const NO_SUCH_EVENT = { kind: 'not-found', detail: 'There is no such failed event.' } as const;

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
