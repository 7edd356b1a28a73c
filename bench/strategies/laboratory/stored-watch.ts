import { setTimeout as sleep } from 'node:timers/promises';
import type { Observer } from './observer.ts';

const LOOK_EVERY = 100;

/** Counts the coupons of a campaign again and again, so that it is known when the last one was there. */
export class StoredWatch implements AsyncDisposable {
  readonly #observer: Observer;
  readonly #database: string;
  readonly #campaignId: string;
  readonly #watching: Promise<void>;
  #stored = 0;
  #seenAt: number;
  #looks = 0;
  #stopped = false;

  constructor(observer: Observer, database: string, campaignId: string) {
    this.#observer = observer;
    this.#database = database;
    this.#campaignId = campaignId;
    this.#seenAt = performance.now();
    this.#watching = this.#watch();
  }

  /** When the last coupon was seen, by `performance.now()`. */
  get seenAt(): number {
    return this.#seenAt;
  }

  /** How often was looked since a coupon was added. */
  get quietLooks(): number {
    return this.#looks;
  }

  /** Looks once more. */
  async stop(): Promise<void> {
    await this[Symbol.asyncDispose]();
    await this.#look();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true;
    await this.#watching;
  }

  async #watch(): Promise<void> {
    for (; !this.#stopped; await sleep(LOOK_EVERY)) await this.#look();
  }

  async #look(): Promise<void> {
    const stored = await this.#observer.stored(this.#database, this.#campaignId);
    if (stored === this.#stored) this.#looks += 1;
    else {
      this.#seenAt = performance.now();
      this.#looks = 0;
    }
    this.#stored = stored;
  }
}
