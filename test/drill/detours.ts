import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Course } from './detour.ts';
import type { Order, Way } from './detour-worker.ts';

/** Ways to servers that can be disturbed, each known by its place in the list. */
export class Detours {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, () => void>();
  #orders = 0;

  private constructor(worker: Worker) {
    this.#worker = worker;
    worker.on('message', (number: number) => {
      this.#waiting.get(number)?.();
      this.#waiting.delete(number);
    });
  }

  static async open(ways: readonly Way[]): Promise<Detours> {
    const worker = new Worker(new URL('./detour-worker.ts', import.meta.url), { workerData: ways });
    await once(worker, 'message');
    return new Detours(worker);
  }

  /** Resolves when it is so. */
  take(ways: readonly number[], course: Course): Promise<void> {
    this.#orders += 1;
    const order: Order = { number: this.#orders, ways, course };
    return new Promise((resolve) => {
      this.#waiting.set(order.number, resolve);
      this.#worker.postMessage(order);
    });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}
