import type { Campaign } from '../strategy.ts';
import type { Running } from './contender.ts';
import type { Observer } from './observer.ts';

const RESTARTED_AFTER = 1_000;

/** What is done to a contender in mid-burst, once: when so many requests are decided. */
export class Disturbance implements AsyncDisposable {
  readonly #at: number;
  readonly #act: () => Promise<void>;
  #acting: Promise<void> = Promise.resolve();

  private constructor(at: number, act: () => Promise<void>) {
    this.#at = at;
    this.#act = act;
  }

  static none(): Disturbance {
    return new Disturbance(Number.POSITIVE_INFINITY, async () => {});
  }

  /** When about half of the coupons are given. */
  static kill(running: Running, { limit }: Campaign): Disturbance {
    return new Disturbance(Math.ceil(limit / 2), () => running.replaceApi(RESTARTED_AFTER));
  }

  /** Late, so that the others can sell the rest while users are still patient. */
  static pause(running: Running, observer: Observer, { id, limit }: Campaign): Disturbance {
    const isSoldOut = async (): Promise<boolean> => (await observer.stored(running.database, id)) >= limit;
    return new Disturbance(Math.ceil(0.8 * limit), async () => running.pauseHolder?.(isSoldOut));
  }

  decided(requests: number): void {
    if (requests !== this.#at) return;
    this.#acting = this.#act();
    // Whoever waits for its end is told.
    this.#acting.catch(() => {});
  }

  /** Rejects where it could not be done. */
  ended(): Promise<void> {
    return this.#acting;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#acting.catch(() => {});
  }
}
