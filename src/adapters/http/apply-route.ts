import type { Router } from '@koa/router';
import { parseCampaignId } from '../../domain/campaign-id.ts';
import type { ApplicationAnswers } from './application-answers.ts';
import { refuseBody } from './body.ts';
import type { IdentifyCaller } from './caller.ts';
import { APPLICATIONS_ROUTE } from './direct-applications.ts';
import { readQuery } from './query.ts';

export interface ApplyParts {
  readonly answers: ApplicationAnswers;
  readonly identifyCaller: IdentifyCaller;
}

/** For every application that `directApplications` leaves to it. */
export function applyRoute(router: Router, { answers, identifyCaller }: ApplyParts): void {
  router.post(APPLICATIONS_ROUTE, async (ctx) => {
    const campaignId = parseCampaignId(ctx.params['id'] ?? '');
    const userId = await identifyCaller(ctx.req);
    readQuery(ctx, []);
    await refuseBody(ctx.req);
    await answers.write(ctx.req, ctx.res, campaignId, userId);
    ctx.respond = false;
  });
}
