import type { Clock } from '../../src/domain/ports/clock.ts';
import type { Scheduler } from '../../src/domain/ports/scheduler.ts';

interface Sleeper {
  readonly until: number;
  wake(): void;
}

/** Time that stands still until a test moves it. */
export class ManualTime implements Clock, Scheduler {
  readonly #start: number;
  #elapsed = 0;
  #tokens = 0;
  #sleepers: Sleeper[] = [];
  /** What `random` answers next. */
  chance = 0.5;

  constructor(start = Date.UTC(2026, 11, 1, 9)) {
    this.#start = start;
  }

  now(): number {
    return this.#start + this.#elapsed;
  }

  monotonic(): number {
    return this.#elapsed;
  }

  get sleeping(): number {
    return this.#sleepers.length;
  }

  advance(milliseconds: number): void {
    this.#elapsed += milliseconds;
    const due = this.#sleepers.filter((sleeper) => sleeper.until <= this.#elapsed);
    this.#sleepers = this.#sleepers.filter((sleeper) => sleeper.until > this.#elapsed);
    for (const sleeper of due.toSorted((a, b) => a.until - b.until)) sleeper.wake();
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const sleeper = { until: this.#elapsed + milliseconds, wake: resolve };
      this.#sleepers.push(sleeper);
      signal?.addEventListener('abort', () => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        resolve();
      });
    });
  }

  random(): number {
    return this.chance;
  }

  token(): string {
    this.#tokens += 1;
    return `token-${this.#tokens}`;
  }
}
