import type { IncomingMessage } from 'node:http';
import type { Middleware } from 'koa';
import { DomainError } from '../../domain/domain-error.ts';
import { isOutage, OutcomeUnknown, type Unavailable } from '../../domain/outage.ts';
import type { EdgeLog, OutageLog } from './outage-log.ts';
import { type Problem, writeProblem } from './problem.ts';
import { RequestRefused } from './request-refused.ts';

/** The answer to whatever was thrown; outages and failures are told to the operator. */
export type ReadProblem = (error: unknown, request: Pick<IncomingMessage, 'method' | 'url'>) => Problem;

/** The one place where what was thrown becomes an answer. */
export const problemReader =
  (log: EdgeLog, outages: OutageLog): ReadProblem =>
  (error, { method, url }) => {
    if (error instanceof RequestRefused) return error.problem;
    if (error instanceof DomainError) return { kind: error.code, detail: error.message, errors: error.errors };
    if (isOutage(error)) {
      outages.warn(error.dependency, error.message, error);
      return outageProblem(error);
    }
    if (isInvalidUrl(error)) return INVALID_TARGET;
    log.error('a request failed', { method, url, error });
    return { kind: 'internal', detail: 'The failure was recorded. Asking again may help.' };
  };

export const problemHandler =
  (readProblem: ReadProblem): Middleware =>
  async (ctx, next) => {
    ctx.res.setHeader('Cache-Control', 'no-store');
    ctx.res.setHeader('X-Content-Type-Options', 'nosniff');
    try {
      await next();
    } catch (error) {
      writeProblem(ctx, readProblem(error, ctx.req));
    }
  };

/** What was asked of which store is for the log; the client learns whether anything may have happened. */
const outageProblem = (error: Unavailable | OutcomeUnknown): Problem =>
  error instanceof OutcomeUnknown
    ? {
        kind: 'outcome-unknown',
        detail: 'The answer did not come in time. What was asked may have happened; asking again is safe to retry.',
        retryAfter: 1,
      }
    : { kind: 'unavailable', detail: 'Something that is needed here is away. Asking again is safe.', retryAfter: 1 };

const INVALID_TARGET: Problem = {
  kind: 'invalid-request',
  detail: 'The request target is not valid.',
  errors: [{ field: 'request', detail: 'must have a target that is a path or a URL' }],
};

/** An absolute request target may be anything, and only Node's parser finds out. */
const isInvalidUrl = (error: unknown): boolean =>
  error instanceof TypeError && 'code' in error && error.code === 'ERR_INVALID_URL';
