import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { reconciliationMetrics } from '../../../src/adapters/http/reconciliation-metrics.ts';
import type { CampaignId } from '../../../src/domain/campaign-id.ts';
import type { ReconciliationReport } from '../../../src/domain/reconciliation.ts';
import type { UserId } from '../../../src/domain/user-id.ts';
import { ManualTime } from '../../support/manual-time.ts';
import { randomCampaignId } from '../../support/random.ts';
import { serveApi } from './served-api.ts';

const aReport = (campaignId: CampaignId, sampledAt: number): ReconciliationReport => ({
  campaignId,
  unverifiable: null,
  verification: {
    epoch: 2,
    watermark: 41,
    sampledAt,
    verifiedAt: sampledAt + 250,
    log: 'complete',
    evidence: { firsts: { 0: '0@5' }, from: 1 },
    disagreements: {
      count: 2,
      first: [
        {
          kind: 'other-user',
          sequence: 7,
          userId: '12' as UserId,
          counter: 'user 11',
          record: 'coupon of user 12',
          log: 'user 11',
          detail: 'counter and record name different users',
        },
        {
          kind: 'ceiling',
          sequence: null,
          userId: null,
          counter: null,
          record: 'limit 5',
          log: null,
          detail: 'too low',
        },
      ],
    },
  },
});

describe('GET /admin/campaigns/{id}/reconciliation', () => {
  it('answers what the leader reported last, and how old it is', async () => {
    await using api = await serveApi();
    const id = await api.open();
    const sampledAt = api.world.time.now();
    api.world.records.reconciliations.set(id, aReport(id, sampledAt));
    api.world.time.advance(12_345);
    const { status, json } = await api.admin('GET', `/admin/campaigns/${id}/reconciliation`);
    expect([status, json]).toEqual([
      200,
      {
        campaignId: id,
        epoch: 2,
        watermark: 41,
        sampledAt: new Date(sampledAt).toISOString(),
        verifiedAt: new Date(sampledAt + 250).toISOString(),
        watermarkAgeSeconds: 12,
        topic: 'complete',
        disagreements: {
          count: 2,
          first: [
            {
              kind: 'other-user',
              sequence: 7,
              userId: '12',
              redis: 'user 11',
              mysql: 'coupon of user 12',
              topic: 'user 11',
              detail: 'counter and record name different users',
            },
            { kind: 'ceiling', sequence: null, redis: null, mysql: 'limit 5', topic: null, detail: 'too low' },
          ],
        },
        unverifiable: null,
      },
    ]);
  });

  it('says so where nothing was reconciled yet, and where nothing can be', async () => {
    await using api = await serveApi();
    const id = await api.open();
    const nothing = {
      campaignId: id,
      epoch: null,
      watermark: null,
      sampledAt: null,
      verifiedAt: null,
      watermarkAgeSeconds: null,
      topic: null,
      disagreements: null,
      unverifiable: null,
    };
    expect((await api.admin('GET', `/admin/campaigns/${id}/reconciliation`)).json).toEqual(nothing);
    api.world.records.reconciliations.set(id, { campaignId: id, verification: null, unverifiable: 'incomplete' });
    const { json } = await api.admin('GET', `/admin/campaigns/${id}/reconciliation`);
    expect(json).toEqual({ ...nothing, unverifiable: 'incomplete' });
  });

  it('refuses an unknown campaign, a parameter, and whoever is no operator', async () => {
    await using api = await serveApi();
    const path = `/admin/campaigns/${randomCampaignId()}/reconciliation`;
    expect((await api.admin('GET', path)).json).toMatchObject({ type: '/problems/campaign-not-found' });
    expect((await api.admin('GET', `${path}?limit=1`)).status).toBe(400);
    expect((await api.call({ path })).status).toBe(401);
    expect((await api.admin('POST', path)).status).toBe(405);
  });
});

describe('the metrics of reconciliations', () => {
  it('are those of the process that leads, by campaign', async () => {
    const registry = new Registry();
    const time = new ManualTime();
    const id = randomCampaignId();
    let reports: readonly ReconciliationReport[] = [aReport(id, time.now())];
    reconciliationMetrics(registry, () => reports, time);
    time.advance(61_500);
    const lines = async () => (await registry.metrics()).split('\n').filter((line) => line.startsWith('coupon_'));
    expect(await lines()).toEqual([
      `coupon_reconciliation_disagreements{campaign="${id}"} 2`,
      `coupon_reconciliation_watermark_age_seconds{campaign="${id}"} 61`,
    ]);
    reports = [];
    expect(await lines()).toEqual([]);
  });
});
