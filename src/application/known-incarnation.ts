import type { Clock } from '../domain/ports/clock.ts';
import type { Incarnation, Incarnations } from '../domain/ports/incarnations.ts';

const MOST_OFTEN = 1_000;

/** What this process knows of the counter's incarnation; the counter refuses whoever knows an old one. */
export class KnownIncarnation {
  readonly #reader: Incarnations;
  readonly #clock: Clock;
  #value: Incarnation | null = null;
  #doubtedAt = Number.NEGATIVE_INFINITY;
  #lastFailure: unknown = null;

  constructor(reader: Incarnations, clock: Clock) {
    this.#reader = reader;
    this.#clock = clock;
  }

  /** Null until it has been read once. */
  get value(): Incarnation | null {
    return this.#value;
  }

  /** Why the last reading in the background failed; null where it did not. */
  get lastFailure(): unknown {
    return this.#lastFailure;
  }

  /** Reads it now. Rejects like `Incarnations`. */
  async refresh(): Promise<void> {
    const read = await this.#reader.current();
    // Two readings may overtake each other, and an incarnation never goes back.
    if (this.#value?.installation === read.installation && this.#value.number > read.number) return;
    this.#value = read;
  }

  /** After an answer that says it is outdated: reads it again in the background, at most once a second. */
  doubt(): void {
    const now = this.#clock.monotonic();
    if (now - this.#doubtedAt < MOST_OFTEN) return;
    this.#doubtedAt = now;
    void this.refresh().then(
      () => {
        this.#lastFailure = null;
      },
      (error: unknown) => {
        this.#lastFailure = error;
      },
    );
  }
}
