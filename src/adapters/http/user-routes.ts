import type { Router } from '@koa/router';
import type { ApplicationStatus, FindApplication } from '../../application/find-application.ts';
import type { ListCoupons } from '../../application/list-coupons.ts';
import type { ShowCampaign } from '../../application/show-campaign.ts';
import { type CampaignId, parseCampaignId } from '../../domain/campaign-id.ts';
import { type Coupon, couponId } from '../../domain/coupon.ts';
import type { UserId } from '../../domain/user-id.ts';
import { utcText } from '../utc-text.ts';
import type { IdentifyCaller } from './caller.ts';
import { writeInstantOrNull } from './instant.ts';
import { writeProblem } from './problem.ts';
import { pageRequest, readQuery } from './query.ts';
import { campaignNotFound, rebuildingProblem } from './rebuilding.ts';

export interface UserParts {
  readonly findApplication: FindApplication;
  readonly listCoupons: ListCoupons;
  readonly showCampaign: ShowCampaign;
  readonly identifyCaller: IdentifyCaller;
}

/** What users ask besides applying. */
export function userRoutes(
  router: Router,
  { findApplication, listCoupons, showCampaign, identifyCaller }: UserParts,
): void {
  router.get('/campaigns/:id/applications/me', async (ctx) => {
    const id = parseCampaignId(ctx.params['id'] ?? '');
    const userId = await identifyCaller(ctx.req);
    readQuery(ctx, []);
    const status = await findApplication.execute(id, userId);
    switch (status.kind) {
      case 'campaign-not-found':
        return writeProblem(ctx, campaignNotFound(id));
      case 'rebuilding':
        return writeProblem(ctx, rebuildingProblem(id, status.reason));
      case 'application-not-found':
        return writeProblem(ctx, { kind: status.kind, detail: `User ${userId} has no application in campaign ${id}.` });
      case 'pending':
      case 'accepted':
      case 'issued':
      case 'failed':
      case 'voided':
        ctx.body = applicationJson(id, userId, status);
    }
  });

  router.get('/campaigns/:id', async (ctx) => {
    const id = parseCampaignId(ctx.params['id'] ?? '');
    readQuery(ctx, []);
    const answer = await showCampaign.execute(id);
    switch (answer.kind) {
      case 'campaign-not-found':
        return writeProblem(ctx, campaignNotFound(id));
      case 'rebuilding':
        return writeProblem(ctx, rebuildingProblem(id, answer.reason));
      case 'shown': {
        const { startsAt, endsAt, ...campaign } = answer.campaign;
        ctx.body = { ...campaign, startsAt: writeInstantOrNull(startsAt), endsAt: writeInstantOrNull(endsAt) };
      }
    }
  });

  router.get('/me/coupons', async (ctx) => {
    const userId = await identifyCaller(ctx.req);
    const page = pageRequest(readQuery(ctx, ['limit', 'cursor']));
    const { items, nextCursor } = await listCoupons.execute(userId, page);
    ctx.body = { items: items.map(couponJson), nextCursor };
  });
}

type Told = Exclude<ApplicationStatus, { kind: `${string}-not-found` | 'rebuilding' }>;

function applicationJson(campaignId: CampaignId, userId: UserId, told: Told): object {
  if (told.kind === 'pending') {
    const pending = { campaignId, userId, status: told.kind };
    return told.finalBy === null ? pending : { ...pending, finalBy: utcText(told.finalBy) };
  }
  const known = { campaignId, userId, sequence: told.sequence, status: told.kind };
  return told.kind === 'issued'
    ? { ...known, issuedAt: utcText(told.issuedAt), couponId: couponId({ campaignId, sequence: told.sequence }) }
    : known;
}

const couponJson = (coupon: Coupon): object => ({
  couponId: couponId(coupon),
  campaignId: coupon.campaignId,
  userId: coupon.userId,
  sequence: coupon.sequence,
  issuedAt: utcText(coupon.issuedAt),
});
