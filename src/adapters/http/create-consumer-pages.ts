import { Router } from '@koa/router';
import type Koa from 'koa';
import type { Clock } from '../../domain/ports/clock.ts';
import { gaugeOf } from './gauge.ts';
import { HttpMetrics } from './http-metrics.ts';
import { newApp } from './new-app.ts';
import { type OperationsParts, operationsRoutes } from './operations-routes.ts';
import { type EdgeLog, OutageLog } from './outage-log.ts';
import { problemReader } from './problem-handler.ts';

export interface ConsumerPagesParts extends OperationsParts {
  readonly clock: Clock;
  /** Whether this process is a member of the group, and so reads events. */
  readonly isMember: () => boolean;
  readonly log: EdgeLog;
}

/** Health, readiness and metrics of a process that serves no users; it takes the registry for itself. */
export function createConsumerPages(parts: ConsumerPagesParts): Koa {
  const router = new Router({ sensitive: true, strict: true });
  operationsRoutes(router, parts);
  const member = () => (parts.isMember() ? 1 : 0);
  parts.registry.registerMetric(
    gaugeOf('coupon_consumer_member', '1 while the process is a member of the group', member),
  );
  const readProblem = problemReader(parts.log, new OutageLog(parts.log, parts.clock));
  return newApp({ router, metrics: new HttpMetrics(parts.registry, parts.clock), log: parts.log, readProblem });
}
