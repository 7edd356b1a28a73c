import type { Clock } from '../../domain/ports/clock.ts';

/** What the edge tells the operator: outages as warnings, bugs as errors. */
export interface EdgeLog {
  warn(message: string, details?: Readonly<Record<string, unknown>>): void;
  error(message: string, details?: Readonly<Record<string, unknown>>): void;
}

const ONCE_IN = 1_000;

/** Writes one line a second and subject: in an outage every request of a burst has the same to say. */
export class OutageLog {
  readonly #log: EdgeLog;
  readonly #clock: Clock;
  readonly #written = new Map<string, { at: number; suppressed: number }>();

  constructor(log: EdgeLog, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
  }

  /** @param subject one of a few: each is remembered for good */
  warn(subject: string, message: string, error?: unknown): void {
    const now = this.#clock.monotonic();
    const last = this.#written.get(subject);
    if (last && now - last.at < ONCE_IN) {
      last.suppressed += 1;
      return;
    }
    this.#written.set(subject, { at: now, suppressed: 0 });
    const details = { subject, suppressedBefore: last?.suppressed ?? 0 };
    this.#log.warn(message, error === undefined ? details : { ...details, error });
  }
}
