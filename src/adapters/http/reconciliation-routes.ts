import type { Router } from '@koa/router';
import type { Middleware } from 'koa';
import type { ShowReconciliation } from '../../application/show-reconciliation.ts';
import { parseCampaignId } from '../../domain/campaign-id.ts';
import type { Clock } from '../../domain/ports/clock.ts';
import { type Disagreement, type ReconciliationReport, watermarkAge } from '../../domain/reconciliation.ts';
import { utcText } from '../utc-text.ts';
import { writeProblem } from './problem.ts';
import { readQuery } from './query.ts';
import { campaignNotFound } from './rebuilding.ts';

export interface ReconciliationParts {
  readonly showReconciliation: ShowReconciliation;
  readonly clock: Clock;
}

export function reconciliationRoutes(router: Router, adminOnly: Middleware, parts: ReconciliationParts): void {
  router.get('/admin/campaigns/:id/reconciliation', adminOnly, async (ctx) => {
    const id = parseCampaignId(ctx.params['id'] ?? '');
    readQuery(ctx, []);
    const report = await parts.showReconciliation.execute(id);
    if (report === null) return writeProblem(ctx, campaignNotFound(id));
    ctx.body = reportJson(report, parts.clock);
  });
}

const reportJson = ({ campaignId, verification, unverifiable }: ReconciliationReport, clock: Clock): object => ({
  campaignId,
  epoch: verification?.epoch ?? null,
  watermark: verification?.watermark ?? null,
  sampledAt: verification && utcText(verification.sampledAt),
  verifiedAt: verification && utcText(verification.verifiedAt),
  watermarkAgeSeconds: verification && watermarkAge(verification, clock.now()),
  topic: verification?.log ?? null,
  disagreements: verification && {
    count: verification.disagreements.count,
    first: verification.disagreements.first.map(disagreementJson),
  },
  unverifiable,
});

const disagreementJson = ({ kind, sequence, userId, counter, record, log, detail }: Disagreement): object => ({
  kind,
  sequence,
  ...(userId === null ? {} : { userId }),
  redis: counter,
  mysql: record,
  topic: log,
  detail,
});
