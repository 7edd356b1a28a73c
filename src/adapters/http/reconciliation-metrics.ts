import { Gauge, type Registry } from 'prom-client';
import type { Clock } from '../../domain/ports/clock.ts';
import { type ReconciliationReport, type Verification, watermarkAge } from '../../domain/reconciliation.ts';

/** @param reports those of the process that leads; none where another does */
export function reconciliationMetrics(
  registry: Registry,
  reports: () => readonly ReconciliationReport[],
  clock: Clock,
): void {
  const fill = (gauge: Gauge<'campaign'>, read: (verification: Verification) => number) => {
    gauge.reset();
    for (const { campaignId, verification } of reports()) {
      if (verification !== null) gauge.set({ campaign: campaignId }, read(verification));
    }
  };
  registry.registerMetric(
    new Gauge<'campaign'>({
      name: 'coupon_reconciliation_disagreements',
      help: 'What Redis, the topic and MySQL do not say alike of a campaign; only in the process that leads',
      labelNames: ['campaign'],
      registers: [],
      collect() {
        fill(this, (verification) => verification.disagreements.count);
      },
    }),
  );
  registry.registerMetric(
    new Gauge<'campaign'>({
      name: 'coupon_reconciliation_watermark_age_seconds',
      help: 'Since when grants of a campaign were not compared; only in the process that leads',
      labelNames: ['campaign'],
      registers: [],
      collect() {
        fill(this, (verification) => watermarkAge(verification, clock.now()));
      },
    }),
  );
}
