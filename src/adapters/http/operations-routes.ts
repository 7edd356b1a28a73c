import type { Router } from '@koa/router';
import { collectDefaultMetrics, type Registry } from 'prom-client';
import type { ReportReadiness } from '../../application/report-readiness.ts';

export interface OperationsParts {
  readonly reportReadiness: ReportReadiness;
  readonly registry: Registry;
}

/** What operators and their machines ask of every process. */
export function operationsRoutes(router: Router, { reportReadiness, registry }: OperationsParts): void {
  collectDefaultMetrics({ register: registry });

  router.get('/healthz', (ctx) => {
    ctx.body = { status: 'ok' };
  });

  router.get('/readyz', async (ctx) => {
    const readiness = await reportReadiness.execute();
    ctx.status = readiness.status === 'unavailable' ? 503 : 200;
    ctx.body = readiness;
  });

  router.get('/metrics', async (ctx) => {
    ctx.set('Content-Type', registry.contentType);
    ctx.body = await registry.metrics();
  });
}
