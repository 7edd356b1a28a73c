import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { ConsumerMetrics } from '../../../src/adapters/http/consumer-metrics.ts';
import { InMemoryEventLog } from '../../../src/adapters/in-memory/event-log.ts';
import { InMemoryEventLogProgress } from '../../../src/adapters/in-memory/in-memory-event-log-progress.ts';
import { randomCampaignId, randomUserId } from '../../support/random.ts';

const scraped = async (leads: boolean, change: (log: InMemoryEventLog, metrics: ConsumerMetrics) => void) => {
  const registry = new Registry();
  const log = new InMemoryEventLog('coupon_create', 2);
  const metrics = new ConsumerMetrics(registry, () => leads, new InMemoryEventLogProgress(log, 'coupons'));
  change(log, metrics);
  return registry.metrics();
};

describe('the metrics of a consumer', () => {
  it('count events by what became of them', async () => {
    const text = await scraped(false, (_, metrics) => {
      metrics.count({ issued: 3, alreadyRecorded: 2, failed: 1 });
      metrics.count({ issued: 4, alreadyRecorded: 0, failed: 0 });
    });
    expect(text).toContain('coupon_events_total{outcome="issued"} 7\n');
    expect(text).toContain('coupon_events_total{outcome="already-recorded"} 2\n');
    expect(text).toContain('coupon_events_total{outcome="failed"} 1\n');
  });

  it.each([true, false])('say whether the process leads: %s', async (leads) => {
    expect(await scraped(leads, () => {})).toContain(`coupon_leader ${leads ? 1 : 0}\n`);
  });

  it('say how far the group is behind, and NaN while the log cannot be asked', async () => {
    const grant = { campaignId: randomCampaignId(), userId: randomUserId(), sequence: 1, epoch: 1, grantedAt: 0 };
    expect(await scraped(false, (log) => log.append(grant))).toContain('coupon_event_log_lag 1\n');
    expect(await scraped(false, (log) => log.suffer('away'))).toMatch(/coupon_event_log_lag na?n\n/i);
  });
});
