import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { FIRST_USER, LAST_USER, type Plan, type Report } from './plan.ts';
import { UnexpectedAnswers } from './unexpected-answers.ts';

interface Answer {
  readonly report?: Report;
  readonly error?: string;
  /** Null of another error than unexpected answers. */
  readonly areUnavailable?: boolean | null;
}

/** The rest is as the generator has it. */
export type Asked = Pick<Plan, 'ports' | 'campaigns' | 'expected'> & Partial<Plan>;

/**
 * In flight at a time, the same for whoever is compared: the acknowledgements of Kafka need enough of them to wait for,
 * and a single process is busy with far fewer.
 */
export const CONNECTIONS = 512;

/** A process that applies for coupons, as cheaply as we can make it; it stays, so that only its first plan finds it cold. */
export class LoadGenerator implements Disposable {
  readonly #child: ChildProcess = fork(new URL('./generator-process.ts', import.meta.url), {
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  #nextUser = FIRST_USER;

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error('the generator was not started');
    return this.#child.pid;
  }

  /**
   * New users apply, as fast as they are answered unless a rate is given.
   *
   * @throws UnexpectedAnswers; Error where a connection is lost, or nothing is answered any more
   */
  async run(asked: Asked): Promise<Report> {
    const plan: Plan = {
      connections: CONNECTIONS,
      firstUser: this.#nextUser,
      requests: LAST_USER - this.#nextUser,
      seconds: Number.MAX_SAFE_INTEGER,
      rate: null,
      ...asked,
    };
    const { report, error = '', areUnavailable = null } = await this.#ask(plan);
    if (report === undefined) {
      throw areUnavailable === null ? new Error(error) : new UnexpectedAnswers(error, areUnavailable);
    }
    this.#nextUser = Math.max(this.#nextUser, report.firstUser + report.requests);
    return report;
  }

  async #ask(plan: Plan): Promise<Answer> {
    const heard = new AbortController();
    const { signal } = heard;
    const answered: Promise<Answer[]> = once(this.#child, 'message', { signal });
    const ended = once(this.#child, 'exit', { signal }).then(([code]) => [{ error: `it ended with ${String(code)}` }]);
    ended.catch(() => {});
    this.#child.send(plan);
    try {
      const [answer] = await Promise.race([answered, ended]);
      return answer ?? { error: 'it said nothing' };
    } finally {
      heard.abort();
    }
  }

  [Symbol.dispose](): void {
    this.#child.kill('SIGKILL');
  }
}
