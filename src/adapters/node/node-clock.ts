import type { Instant } from '../../domain/campaign.ts';
import type { Clock } from '../../domain/ports/clock.ts';

export class NodeClock implements Clock {
  now(): Instant {
    return Date.now();
  }

  monotonic(): number {
    return performance.now();
  }
}
