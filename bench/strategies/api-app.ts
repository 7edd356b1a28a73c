import { Router } from '@koa/router';
import Koa, { type Context } from 'koa';
import { isUserId } from '../../src/domain/user-id.ts';
import type { Apply, Campaign, Decision } from './strategy.ts';

/** The route of the service, on the same framework, so that only what stands behind it differs. */
export function apiApp(apply: Apply, campaigns: readonly Campaign[]): Koa {
  const known = new Map(campaigns.map((campaign) => [campaign.id, campaign]));
  const router = new Router({ sensitive: true, strict: true });
  let complained = false;
  router.post('/campaigns/:id/applications', async (ctx) => {
    const campaign = known.get(ctx.params['id'] ?? '');
    const userId = ctx.headers['x-user-id'];
    if (campaign === undefined) return refuse(ctx, 404, 'campaign-not-found');
    if (typeof userId !== 'string' || !isUserId(userId)) return refuse(ctx, 400, 'invalid-user-id');
    try {
      tell(ctx, await apply(campaign, userId), { campaignId: campaign.id, userId });
    } catch (error) {
      // One says what is wrong; thousands would cost more than the strategy.
      if (!complained) console.error(`nothing could be decided: ${String(error)}`);
      complained = true;
      ctx.set('Retry-After', '1');
      refuse(ctx, 503, 'unavailable');
    }
  });
  const app = new Koa();
  app.use(router.routes());
  return app;
}

const STATUS = { accepted: 202, already: 200 } as const;

function tell(ctx: Context, decision: Decision, who: { readonly campaignId: string; readonly userId: string }): void {
  if (decision === 'sold-out') {
    refuse(ctx, 409, 'sold-out');
    return;
  }
  ctx.status = STATUS[decision];
  ctx.body = { ...who, status: decision };
}

function refuse(ctx: Context, status: number, kind: string): void {
  ctx.status = status;
  ctx.set('Content-Type', 'application/problem+json');
  ctx.body = JSON.stringify({ type: `/problems/${kind}`, status });
}
