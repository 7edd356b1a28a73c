import type { Router } from '@koa/router';
import { collectDefaultMetrics, type Registry } from 'prom-client';
import type { ReportReadiness } from '../../application/report-readiness.ts';
import { isOutage } from '../../domain/outage.ts';
import { gaugeOf } from './gauge.ts';

export interface OperationsParts {
  readonly reportReadiness: ReportReadiness;
  readonly registry: Registry;
}

/** What operators and their machines ask of every process. */
export function operationsRoutes(router: Router, { reportReadiness, registry }: OperationsParts): void {
  collectDefaultMetrics({ register: registry });
  registry.registerMetric(
    gaugeOf(
      'coupon_oldest_pending_grant_seconds',
      'How long the oldest pending grant of all campaigns has been pending; NaN while Redis cannot be asked',
      () => oldestPending(reportReadiness),
    ),
  );

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

async function oldestPending(reportReadiness: ReportReadiness): Promise<number> {
  try {
    return (await reportReadiness.oldestPendingGrant())?.seconds ?? 0;
  } catch (error) {
    if (isOutage(error)) return Number.NaN;
    throw error;
  }
}
