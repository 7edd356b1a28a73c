import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Middleware } from 'koa';
import { type CampaignId, isCampaignId } from '../../domain/campaign-id.ts';
import type { ApplicationAnswers } from './application-answers.ts';
import { isBodiless } from './body.ts';
import type { IdentifyCaller } from './caller.ts';
import type { HttpMetrics } from './http-metrics.ts';
import type { ReadProblem } from './problem-handler.ts';
import { endWithProblem } from './raw-problem.ts';

const BEFORE_ID = '/campaigns/';
const AFTER_ID = '/applications';
export const APPLICATIONS_ROUTE = `${BEFORE_ID}:id${AFTER_ID}`;

export interface DirectParts {
  readonly answers: ApplicationAnswers;
  readonly identifyCaller: IdentifyCaller;
  readonly metrics: HttpMetrics;
  readonly readProblem: ReadProblem;
}

/** What can be seen of a request without parsing its target; a query makes it another matter. */
export const isApplication = ({ method, url = '' }: IncomingMessage): boolean =>
  method === 'POST' && url.startsWith(BEFORE_ID) && url.endsWith(AFTER_ID);

/** Null: what is unusual about the request is for the router, and the layers before it, to find out. */
function applicationTarget(request: IncomingMessage): CampaignId | null {
  if (!isApplication(request) || !isBodiless(request)) return null;
  const id = (request.url ?? '').slice(BEFORE_ID.length, -AFTER_ID.length);
  return isCampaignId(id) ? id : null;
}

/**
 * Takes an application that has nothing unusual past the router and past Koa's own way of answering, which together
 * cost more than the admission itself (docs/performance.md). The answers are those of the route.
 */
export function directApplications({ answers, identifyCaller, metrics, readProblem }: DirectParts): Middleware {
  const answer = async (request: IncomingMessage, response: ServerResponse, id: CampaignId): Promise<void> => {
    const startedAt = metrics.begin();
    try {
      const caller = identifyCaller(request);
      await answers.write(request, response, id, typeof caller === 'string' ? caller : await caller);
    } catch (error) {
      endWithProblem(response, readProblem(error, request));
    } finally {
      metrics.end(startedAt, APPLICATIONS_ROUTE, response.statusCode);
    }
  };
  return (ctx, next) => {
    const id = applicationTarget(ctx.req);
    if (id === null) return next();
    ctx.respond = false;
    return answer(ctx.req, ctx.res, id);
  };
}
