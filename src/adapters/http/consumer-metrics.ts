import { Counter, Gauge, type Registry } from 'prom-client';
import type { IssueReport } from '../../application/issue-coupons.ts';
import { isOutage } from '../../domain/outage.ts';
import { type EventLogProgress, lagOf } from '../../domain/ports/event-log-progress.ts';

/** What a consumer process did, whether it leads, and how far the group is behind. */
export class ConsumerMetrics {
  readonly #events: Counter<'outcome'>;

  constructor(registry: Registry, leads: () => boolean, progress: EventLogProgress) {
    this.#events = new Counter({
      name: 'coupon_events_total',
      help: 'Events by what became of them; an event that is delivered again is counted again',
      labelNames: ['outcome'],
      registers: [registry],
    });
    registry.registerMetric(leaderGauge(leads));
    registry.registerMetric(lagGauge(progress));
  }

  count({ issued, alreadyRecorded, failed }: IssueReport): void {
    this.#events.inc({ outcome: 'issued' }, issued);
    this.#events.inc({ outcome: 'already-recorded' }, alreadyRecorded);
    this.#events.inc({ outcome: 'failed' }, failed);
  }
}

const leaderGauge = (leads: () => boolean): Gauge =>
  new Gauge({
    name: 'coupon_leader',
    help: '1 in the process that does the background work',
    registers: [],
    collect() {
      this.set(leads() ? 1 : 0);
    },
  });

const lagGauge = (progress: EventLogProgress): Gauge =>
  new Gauge({
    name: 'coupon_event_log_lag',
    help: 'Events that the group has not committed yet; NaN while Kafka cannot be asked',
    registers: [],
    async collect() {
      try {
        const end = await progress.end();
        this.set(lagOf(await progress.committed(), end));
      } catch (error) {
        if (!isOutage(error)) throw error;
        this.set(Number.NaN);
      }
    },
  });
