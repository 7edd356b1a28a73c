import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { FixedAnswer } from './fixed-answer.ts';

/** A server beside the service, in a process of its own. */
export class Reference implements Disposable {
  readonly port: number;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.port = port;
  }

  static async start(name: 'raw-http' | 'koa-router', answer: FixedAnswer): Promise<Reference> {
    const child = fork(new URL(`./${name}.ts`, import.meta.url));
    const listening = once(child, 'message') as Promise<[AddressInfo]>;
    child.send(answer);
    const [{ port }] = await listening;
    return new Reference(child, port);
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error('the reference was not started');
    return this.#child.pid;
  }

  [Symbol.dispose](): void {
    this.#child.kill('SIGKILL');
  }
}
