import { Counter, type Registry } from 'prom-client';
import type { IssueReport } from '../../application/issue-coupons.ts';
import { isOutage } from '../../domain/outage.ts';
import { type EventLogProgress, lagOf } from '../../domain/ports/event-log-progress.ts';
import { gaugeOf } from './gauge.ts';

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
    registry.registerMetric(
      gaugeOf('coupon_leader', '1 in the process that does the background work', () => (leads() ? 1 : 0)),
    );
    registry.registerMetric(
      gaugeOf('coupon_event_log_lag', 'Events that the group has not committed; NaN while Kafka cannot be asked', () =>
        lag(progress),
      ),
    );
  }

  count({ issued, alreadyRecorded, failed }: IssueReport): void {
    this.#events.inc({ outcome: 'issued' }, issued);
    this.#events.inc({ outcome: 'already-recorded' }, alreadyRecorded);
    this.#events.inc({ outcome: 'failed' }, failed);
  }
}

async function lag(progress: EventLogProgress): Promise<number> {
  try {
    const end = await progress.end();
    return lagOf(await progress.committed(), end);
  } catch (error) {
    if (isOutage(error)) return Number.NaN;
    throw error;
  }
}
