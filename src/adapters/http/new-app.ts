import type { Router } from '@koa/router';
import Koa from 'koa';
import type { HttpMetrics } from './http-metrics.ts';
import type { EdgeLog, OutageLog } from './outage-log.ts';
import { problemHandler } from './problem-handler.ts';
import { unmatched } from './unmatched.ts';

const CLIENT_GONE = new Set(['ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE']);

/** Routes, and around them what every answer needs. */
export function newApp(router: Router, metrics: HttpMetrics, log: EdgeLog, outages: OutageLog): Koa {
  const app = new Koa();
  app.use(metrics.observing());
  app.use(problemHandler(log, outages));
  app.use(router.routes());
  app.use(unmatched);
  // Only what happens while an answer is being written comes here.
  app.on('error', (error: Error & { readonly code?: string }) => {
    if (!CLIENT_GONE.has(error.code ?? '')) log.error('an answer could not be written', { error });
  });
  return app;
}
