import type { IncomingMessage } from 'node:http';
import type { Router } from '@koa/router';
import type { Context } from 'koa';
import type { ApplicationAnswer, ApplyForCoupon } from '../../application/apply-for-coupon.ts';
import { type CampaignId, parseCampaignId } from '../../domain/campaign-id.ts';
import { finalBy } from '../../domain/final-by.ts';
import type { Scheduler } from '../../domain/ports/scheduler.ts';
import { refuseBody } from './body.ts';
import type { IdentifyCaller } from './caller.ts';
import type { CountedAnswer, HttpMetrics } from './http-metrics.ts';
import { writeInstant } from './instant.ts';
import type { OutageLog } from './outage-log.ts';
import { type Problem, writeProblem } from './problem.ts';
import { PROBLEM_KINDS } from './problem-kinds.ts';
import { readQuery } from './query.ts';
import { campaignNotFound, rebuildingProblem } from './rebuilding.ts';
import { traceparentOf } from './traceparent.ts';

export interface ApplyParts {
  readonly applyForCoupon: ApplyForCoupon;
  readonly identifyCaller: IdentifyCaller;
  readonly scheduler: Pick<Scheduler, 'random'>;
  readonly metrics: HttpMetrics;
  readonly outages: OutageLog;
}

/** The route of the burst: nothing on its way is parsed, validated or allocated that need not be. */
export function applyRoute(router: Router, parts: ApplyParts): void {
  const { applyForCoupon, identifyCaller, scheduler, metrics, outages } = parts;
  router.post('/campaigns/:id/applications', async (ctx) => {
    const campaignId = parseCampaignId(ctx.params['id'] ?? '');
    const userId = await identifyCaller(ctx.req);
    readQuery(ctx, []);
    await refuseBody(ctx.req);
    let counted: CountedAnswer = 'failed';
    try {
      const answer = await applyForCoupon.execute(campaignId, userId, traceparentOf(ctx.req));
      counted = answer.kind;
      if (answer.kind === 'accepted') return writeAccepted(ctx, answer);
      const problem = problemOf(answer, campaignId, scheduler);
      if (PROBLEM_KINDS[problem.kind].status === 503) outages.warn(answer.kind, problem.detail);
      writeProblem(ctx, problem);
    } finally {
      metrics.countApplication(counted);
    }
  });
}

function writeAccepted(ctx: Context, { grant, first }: Extract<ApplicationAnswer, { kind: 'accepted' }>): void {
  const { campaignId, userId, sequence } = grant;
  const body = { campaignId, userId, sequence, status: 'accepted' };
  ctx.status = first ? 202 : 200;
  if (first) ctx.set('Location', `/campaigns/${campaignId}/applications/me`);
  // Told again, the counter does not know any more when that was.
  ctx.body = first ? { ...body, finalBy: writeInstant(finalBy(grant)) } : body;
}

type Refusal = Exclude<ApplicationAnswer, { kind: 'accepted' }>;

function problemOf(answer: Refusal, campaignId: CampaignId, scheduler: Pick<Scheduler, 'random'>): Problem {
  const { kind } = answer;
  switch (kind) {
    case 'sold-out':
      return { kind, detail: `Every coupon of campaign ${campaignId} is taken.` };
    case 'not-started':
      return notStarted(answer, campaignId);
    case 'ended':
      return { kind, detail: `Campaign ${campaignId} takes no more applications.` };
    case 'voided':
      return { kind, detail: 'The grant of this user was voided by an operator.' };
    case 'campaign-not-found':
      return campaignNotFound(campaignId);
    case 'outcome-unknown':
      return { kind, detail: 'A coupon may have been granted. Asking again settles it: safe to retry.', retryAfter: 1 };
    case 'rebuilding':
      return rebuildingProblem(campaignId, answer.reason);
    case 'overloaded':
      return overloaded(scheduler);
    case 'event-log-away':
      return {
        kind: 'unavailable',
        detail: 'A grant could not be made durable now. Nothing was granted.',
        retryAfter: 1,
      };
  }
}

/** What can be seen of a request without parsing its target; a query makes it another matter. */
export const isApplication = ({ method, url = '' }: IncomingMessage): boolean =>
  method === 'POST' && url.startsWith('/campaigns/') && url.endsWith('/applications');

export const overloaded = (scheduler: Pick<Scheduler, 'random'>): Problem => ({
  kind: 'unavailable',
  detail: 'Too many applications are waiting here. Nothing was granted.',
  // Spread out, so that those who were refused together do not come back together.
  retryAfter: 1 + Math.floor(scheduler.random() * 3),
});

const notStarted = (
  { kind, startsAt, now }: Extract<Refusal, { kind: 'not-started' }>,
  campaignId: CampaignId,
): Problem => ({
  kind,
  detail: `Campaign ${campaignId} takes applications from ${writeInstant(startsAt)} on.`,
  members: { startsAt: writeInstant(startsAt) },
  retryAfter: Math.max(1, Math.ceil((startsAt - now) / 1_000)),
});
