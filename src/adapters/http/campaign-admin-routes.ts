import type { Router } from '@koa/router';
import type { Context, Middleware } from 'koa';
import type { AccountForCampaigns, CampaignAccount } from '../../application/account-for-campaigns.ts';
import type { ChangeCampaign } from '../../application/change-campaign.ts';
import type { OpenCampaign } from '../../application/open-campaign.ts';
import type { RebuildCampaign } from '../../application/rebuild-campaign.ts';
import type { RepublishGrants } from '../../application/republish-grants.ts';
import { type CampaignId, parseCampaignId } from '../../domain/campaign-id.ts';
import { readJson, refuseBody } from './body.ts';
import { readPatch, readTerms } from './campaign-body.ts';
import { writeInstantOrNull } from './instant.ts';
import { type Problem, writeProblem } from './problem.ts';
import { pageRequest, readQuery } from './query.ts';
import { campaignNotFound, rebuildingProblem } from './rebuilding.ts';

export interface CampaignAdminParts {
  readonly openCampaign: OpenCampaign;
  readonly changeCampaign: ChangeCampaign;
  readonly accountForCampaigns: AccountForCampaigns;
  readonly rebuildCampaign: RebuildCampaign;
  readonly republishGrants: RepublishGrants;
}

export function campaignAdminRoutes(router: Router, adminOnly: Middleware, parts: CampaignAdminParts): void {
  const { openCampaign, changeCampaign, accountForCampaigns, rebuildCampaign, republishGrants } = parts;

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
      case 'archived':
        return writeProblem(ctx, refusalOf('campaign-archived', id));
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
      case 'campaign-archived':
        return writeProblem(ctx, refusalOf(answer.kind, id));
      case 'rebuilding':
        return writeProblem(ctx, rebuildingProblem(id, answer.reason));
      case 'changed':
        return writeAccount(ctx, id, answer.clampedFrom === undefined ? {} : { clampedFrom: answer.clampedFrom });
    }
  });

  router.post('/admin/campaigns/:id/rebuild', adminOnly, async (ctx) => {
    const id = parseCampaignId(ctx.params['id'] ?? '');
    readQuery(ctx, []);
    await refuseBody(ctx.req);
    const answer = await rebuildCampaign.execute(id);
    if (answer.kind !== 'ordered') return writeProblem(ctx, refusalOf(answer.kind, id));
    ctx.status = 202;
    ctx.body = { campaignId: id, epoch: answer.epoch };
  });

  router.post('/admin/campaigns/:id/republish', adminOnly, async (ctx) => {
    const id = parseCampaignId(ctx.params['id'] ?? '');
    readQuery(ctx, []);
    await refuseBody(ctx.req);
    const answer = await republishGrants.execute(id);
    if (answer.kind === 'rebuilding') return writeProblem(ctx, rebuildingProblem(id, answer.reason));
    if (answer.kind !== 'marked') return writeProblem(ctx, refusalOf(answer.kind, id));
    ctx.body = { checked: answer.checked, marked: answer.marked };
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

function refusalOf(
  kind: 'campaign-not-found' | 'campaign-archived' | 'campaign-never-opened',
  id: CampaignId,
): Problem {
  switch (kind) {
    case 'campaign-not-found':
      return campaignNotFound(id);
    case 'campaign-archived':
      return { kind, detail: `Campaign ${id} has ended and is archived. Nothing of it can be changed any more.` };
    case 'campaign-never-opened':
      return { kind, detail: `Campaign ${id} was never opened: it has granted nothing yet.` };
  }
}
