import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Orders } from '../orders.ts';
import type { Door } from './burst.ts';

/** Dozens of processes are started, each of which would compile the same. */
const NODE_COMPILE_CACHE = join(tmpdir(), 'node-compile-cache');

/** A process of a strategy, which ends with this one. */
export class Worker implements Door {
  readonly url: string;
  readonly #name: string;
  readonly #child: ChildProcess;
  #isKilled = false;

  private constructor(name: string, child: ChildProcess, port: number) {
    this.#name = name;
    this.#child = child;
    this.url = `http://127.0.0.1:${port}`;
  }

  static async start(file: 'api-process' | 'consumer-process', orders: Orders): Promise<Worker> {
    const child = fork(new URL(`../${file}.ts`, import.meta.url), {
      env: { ...process.env, NODE_COMPILE_CACHE },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const name = `${file} of ${orders.strategy}`;
    const ended = once(child, 'exit').then(() => Promise.reject(new Error(`${name} ended while starting`)));
    child.send(orders);
    const [port]: number[] = await Promise.race([once(child, 'message'), ended]);
    return new Worker(name, child, port ?? 0);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get isOpen(): boolean {
    return !this.#isKilled;
  }

  /** It stands still, its connections stay open, and it knows nothing of it. */
  freeze(): void {
    this.#child.kill('SIGSTOP');
  }

  thaw(): void {
    this.#child.kill('SIGCONT');
  }

  /** Resolves when nothing of it runs any more. */
  async kill(): Promise<void> {
    this.#isKilled = true;
    if (this.#hasEnded) return;
    this.#child.kill('SIGKILL');
    await once(this.#child, 'exit');
  }

  check(): void {
    if (this.#hasEnded && !this.#isKilled) throw new Error(`${this.#name} ended by itself`);
  }

  get #hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }
}
