import type { Router } from '@koa/router';
import Koa, { type Middleware } from 'koa';
import type { HttpMetrics } from './http-metrics.ts';
import type { EdgeLog } from './outage-log.ts';
import { problemHandler, type ReadProblem } from './problem-handler.ts';
import { unmatched } from './unmatched.ts';

const CLIENT_GONE = new Set(['ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE']);

export interface AppParts {
  readonly router: Router;
  readonly metrics: HttpMetrics;
  readonly log: EdgeLog;
  readonly readProblem: ReadProblem;
}

/**
 * Routes, and around them what every answer needs.
 *
 * @param direct comes before all of that, and does without it
 */
export function newApp({ router, metrics, log, readProblem }: AppParts, direct: readonly Middleware[] = []): Koa {
  const app = new Koa();
  for (const middleware of direct) app.use(middleware);
  app.use(metrics.observing());
  app.use(problemHandler(readProblem));
  app.use(router.routes());
  app.use(unmatched);
  // Only what happens while an answer is being written comes here.
  app.on('error', (error: Error & { readonly code?: string }) => {
    if (!CLIENT_GONE.has(error.code ?? '')) log.error('an answer could not be written', { error });
  });
  return app;
}
