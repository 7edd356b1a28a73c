import type { Router } from '@koa/router';
import type { Context, Middleware } from 'koa';
import type { AccountForCampaigns, CampaignAccount } from '../../application/account-for-campaigns.ts';
import type { ChangeCampaign } from '../../application/change-campaign.ts';
import type { OpenCampaign } from '../../application/open-campaign.ts';
import { type CampaignId, parseCampaignId } from '../../domain/campaign-id.ts';
import { readJson } from './body.ts';
import { readPatch, readTerms } from './campaign-body.ts';
import { writeInstantOrNull } from './instant.ts';
import { writeProblem } from './problem.ts';
import { pageRequest, readQuery } from './query.ts';
import { campaignNotFound, rebuildingProblem } from './rebuilding.ts';

export interface CampaignAdminParts {
  readonly openCampaign: OpenCampaign;
  readonly changeCampaign: ChangeCampaign;
  readonly accountForCampaigns: AccountForCampaigns;
}

export function campaignAdminRoutes(router: Router, adminOnly: Middleware, parts: CampaignAdminParts): void {
  const { openCampaign, changeCampaign, accountForCampaigns } = parts;

  const writeAccount = async (ctx: Context, id: CampaignId, more: object = {}): Promise<void> => {
    const account = await accountForCampaigns.one(id);
    if (account === null) return writeProblem(ctx, campaignNotFound(id));
    ctx.body = { ...accountJson(account), ...more };
  };

  router.put('/admin/campaigns/:id', adminOnly, async (ctx) => {
    const id = parseCampaignId(ctx.params['id'] ?? '');
    readQuery(ctx, []);
    const answer = await openCampaign.execute({ id, ...readTerms(await readJson(ctx.req)) });
    switch (answer) {
      case 'exists':
        return writeProblem(ctx, {
          kind: 'campaign-exists',
          detail: `Campaign ${id} has other content. PATCH changes it.`,
        });
      case 'unopened':
        return writeProblem(ctx, {
          kind: 'unavailable',
          detail: `Campaign ${id} is recorded and not open yet. The same request again goes on with it.`,
          retryAfter: 1,
        });
      case 'created':
      case 'same':
        ctx.status = answer === 'created' ? 201 : 200;
        return writeAccount(ctx, id);
    }
  });

  router.patch('/admin/campaigns/:id', adminOnly, async (ctx) => {
    const id = parseCampaignId(ctx.params['id'] ?? '');
    readQuery(ctx, []);
    const answer = await changeCampaign.execute(id, readPatch(await readJson(ctx.req)));
    switch (answer.kind) {
      case 'campaign-not-found':
        return writeProblem(ctx, campaignNotFound(id));
      case 'rebuilding':
        return writeProblem(ctx, rebuildingProblem(id, answer.reason));
      case 'changed':
        return writeAccount(ctx, id, answer.clampedFrom === undefined ? {} : { clampedFrom: answer.clampedFrom });
    }
  });

  router.get('/admin/campaigns', adminOnly, async (ctx) => {
    const page = pageRequest(readQuery(ctx, ['limit', 'cursor']));
    const { items, nextCursor } = await accountForCampaigns.page(page);
    ctx.body = { items: items.map(accountJson), nextCursor };
  });

  router.get('/admin/campaigns/:id', adminOnly, async (ctx) => {
    const id = parseCampaignId(ctx.params['id'] ?? '');
    readQuery(ctx, []);
    await writeAccount(ctx, id);
  });
}

const accountJson = (account: CampaignAccount): object => ({
  ...account,
  startsAt: writeInstantOrNull(account.startsAt),
  endsAt: writeInstantOrNull(account.endsAt),
});
