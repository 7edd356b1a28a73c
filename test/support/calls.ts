import { type Dependency, Unavailable } from '../../src/domain/outage.ts';

/** A call that a test has stopped, on its way to an adapter or on its way back. */
export interface StoppedCall {
  /** Resolves when somebody calls. */
  readonly reached: Promise<void>;
  goOn(): void;
  /** The caller gets this error. On the way back: though the work was done. */
  fail(error: Error): void;
}

interface Stop {
  reach(): void;
  readonly released: Promise<void>;
}

type Way = 'to' | 'back';

/**
 * The line between the use cases of one process and its adapters. A call that is stopped and never goes on is how a
 * test kills a process, or puts it to sleep, in the middle of its work. Calls are named `<port>.<method>`.
 */
export class Calls {
  readonly #stops = new Map<string, Stop[]>();
  readonly #away = new Map<string, Error>();
  readonly #counts = new Map<string, number>();

  on<T extends object>(name: string, port: T): T {
    return new Proxy(port, {
      get: (target, member) => {
        const method: unknown = Reflect.get(target, member, target);
        if (typeof method !== 'function') return method;
        const call = `${name}.${String(member)}`;
        if (method.constructor.name === 'AsyncGeneratorFunction') {
          return (...values: unknown[]) => this.#read(name, call, Reflect.apply(method, target, values));
        }
        return (...values: unknown[]) => this.#pass(name, call, () => Reflect.apply(method, target, values));
      },
    });
  }

  /** Stops the next call before it reaches the adapter. */
  stopBefore(call: string): StoppedCall {
    return this.#stop('to', call);
  }

  /** Stops the answer to the next call before it reaches the caller. */
  stopAfter(call: string): StoppedCall {
    return this.#stop('back', call);
  }

  away(port: string, dependency: Dependency): void {
    this.reject(port, new Unavailable(dependency, `${port} is away`));
  }

  /** Every call of the port rejects with this error, and nothing is done, until it is back. */
  reject(port: string, error: Error): void {
    this.#away.set(port, error);
  }

  back(port: string): void {
    this.#away.delete(port);
  }

  count(call: string): number {
    return this.#counts.get(call) ?? 0;
  }

  #pass(port: string, call: string, work: () => unknown): unknown {
    this.#counts.set(call, this.count(call) + 1);
    const away = this.#away.get(port);
    if (away !== undefined) return Promise.reject(away);
    const to = this.#stops.get(`to ${call}`)?.shift();
    const back = this.#stops.get(`back ${call}`)?.shift();
    return to || back ? this.#stopped(work, to, back) : work();
  }

  /** A reading is asked for page by page; each is a call. */
  async *#read(port: string, call: string, pages: AsyncGenerator): AsyncGenerator {
    for (;;) {
      const { done, value } = (await this.#pass(port, call, () => pages.next())) as IteratorResult<unknown>;
      if (done) return;
      yield value;
    }
  }

  async #stopped(work: () => unknown, to: Stop | undefined, back: Stop | undefined): Promise<unknown> {
    to?.reach();
    await to?.released;
    const answer = await work();
    back?.reach();
    await back?.released;
    return answer;
  }

  #stop(way: Way, call: string): StoppedCall {
    const { promise: reached, resolve: reach } = Promise.withResolvers<void>();
    const { promise: released, resolve: goOn, reject: fail } = Promise.withResolvers<void>();
    released.catch(() => undefined);
    const key = `${way} ${call}`;
    this.#stops.set(key, [...(this.#stops.get(key) ?? []), { reach, released }]);
    return { reached, goOn, fail };
  }
}
