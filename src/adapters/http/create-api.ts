import { Router } from '@koa/router';
import type Koa from 'koa';
import type { Clock } from '../../domain/ports/clock.ts';
import { adminOnly } from './admin-token.ts';
import { ApplicationAnswers, type ApplicationParts, overloaded } from './application-answers.ts';
import { type ApplyParts, applyRoute } from './apply-route.ts';
import { type CampaignAdminParts, campaignAdminRoutes } from './campaign-admin-routes.ts';
import { directApplications, isApplication } from './direct-applications.ts';
import type { RefuseEarly } from './early-refusal.ts';
import { type FailedEventParts, failedEventRoutes } from './failed-event-routes.ts';
import { gaugeOf } from './gauge.ts';
import { HttpMetrics } from './http-metrics.ts';
import { newApp } from './new-app.ts';
import { type OperationsParts, operationsRoutes } from './operations-routes.ts';
import { type EdgeLog, OutageLog } from './outage-log.ts';
import { problemReader } from './problem-handler.ts';
import { type ReconciliationParts, reconciliationRoutes } from './reconciliation-routes.ts';
import { type UserParts, userRoutes } from './user-routes.ts';

export interface ApiParts
  extends Omit<ApplicationParts, 'metrics' | 'outages'>,
    Omit<ApplyParts, 'answers'>,
    UserParts,
    CampaignAdminParts,
    FailedEventParts,
    ReconciliationParts,
    OperationsParts {
  readonly adminToken: string;
  readonly clock: Clock;
  readonly log: EdgeLog;
}

export interface Api {
  readonly app: Koa;
  readonly refuseEarly: RefuseEarly;
}

/** The whole API; it takes the registry for itself. */
export function createApi(parts: ApiParts): Api {
  const metrics = new HttpMetrics(parts.registry, parts.clock);
  const waiting = () => parts.applyForCoupon.inFlight;
  parts.registry.registerMetric(
    gaugeOf(
      'coupon_applications_in_flight',
      'Applications that wait in this process; MAX_IN_FLIGHT is the most',
      waiting,
    ),
  );
  const outages = new OutageLog(parts.log, parts.clock);
  const admin = adminOnly(parts.adminToken);
  const router = new Router({ sensitive: true, strict: true });
  const answers = new ApplicationAnswers({ ...parts, metrics, outages });
  applyRoute(router, { ...parts, answers });
  userRoutes(router, parts);
  campaignAdminRoutes(router, admin, parts);
  failedEventRoutes(router, admin, parts);
  reconciliationRoutes(router, admin, parts);
  operationsRoutes(router, parts);
  const refuseEarly: RefuseEarly = (request) => {
    if (!parts.applyForCoupon.isFull || !isApplication(request)) return null;
    metrics.countApplication('overloaded');
    const problem = overloaded(parts.scheduler);
    outages.warn('overloaded', problem.detail);
    return problem;
  };
  const readProblem = problemReader(parts.log, outages);
  const direct = directApplications({ ...parts, answers, metrics, readProblem });
  return { app: newApp({ router, metrics, log: parts.log, readProblem }, [direct]), refuseEarly };
}
