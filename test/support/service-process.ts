import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { eventually } from './eventually.ts';

export type Entry = 'api' | 'consumer' | 'migrate' | 'standalone';
export type Environment = Readonly<Record<string, string>>;

export interface Readiness {
  readonly status: string;
  readonly dependencies: Readonly<Partial<Record<'redis' | 'kafka' | 'mysql', { status: string; detail?: string }>>>;
}

const SHOWN_LINES = 40;
const STOPS_WITHIN = 10_000;

/** One process of the service, as `npm run build` made it. */
export class ServiceProcess {
  readonly name: string;
  readonly url: string;
  readonly port: number;
  readonly lines: string[] = [];
  /** Starts the same once more, on the same port. */
  readonly again: () => ServiceProcess;
  readonly #child: ChildProcess;
  readonly #exit: Promise<number | null>;
  readonly #lastResort = (): void => {
    this.#child.kill('SIGKILL');
  };

  /** The port is where it is told to listen, and where `url` points. */
  constructor(entry: Entry, environment: Environment, port = 0) {
    this.again = () => new ServiceProcess(entry, environment, port);
    this.name = port === 0 ? entry : `${entry}:${port}`;
    this.port = port;
    this.url = `http://127.0.0.1:${port}`;
    // A new environment: what a test runner adds to its own is not the service's.
    const env = { PATH: process.env['PATH'] ?? '', HOST: '127.0.0.1', PORT: `${port}`, CONSUMER_PORT: `${port}` };
    this.#child = spawn(process.execPath, [`dist/bootstrap/${entry}.js`], {
      env: { ...env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      if (stream) createInterface({ input: stream }).on('line', (line) => this.lines.push(line));
    }
    this.#exit = once(this.#child, 'close').then(([code]: (number | null)[]) => code ?? null);
    process.once('exit', this.#lastResort);
    void this.#exit.then(() => process.off('exit', this.#lastResort));
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error(`${this.name} was not started`);
    return this.#child.pid;
  }

  get output(): string {
    return this.lines.join('\n');
  }

  /** The exit code; null where a signal ended it. */
  async exit(within = STOPS_WITHIN): Promise<number | null> {
    await this.#wait('to end', within, () => {
      if (this.isRunning) throw new Error('it runs');
    });
    return this.#exit;
  }

  async alive(within = 10_000): Promise<void> {
    await this.#wait('to be alive', within, async () => {
      const { status } = await this.#get('/healthz');
      if (status !== 200) throw new Error(`/healthz answers ${status}`);
    });
  }

  async ready(within = 30_000): Promise<void> {
    await this.#wait('to be ready', within, async () => {
      const { status, readiness } = await this.readiness();
      if (status !== 200) throw new Error(`/readyz answers ${status} ${JSON.stringify(readiness)}`);
    });
  }

  async readiness(): Promise<{ readonly status: number; readonly readiness: Readiness }> {
    const answer = await this.#get('/readyz');
    const readiness: Readiness = JSON.parse(await answer.text());
    return { status: answer.status, readiness };
  }

  /** Resolves with the first line from this index on that contains the text. */
  line(text: string, within = 10_000, from = 0): Promise<string> {
    return this.#wait(`to say "${text}"`, within, () => {
      const found = this.lines.slice(from).find((line) => line.includes(text));
      if (found === undefined) throw new Error('it did not');
      return found;
    });
  }

  freeze(): void {
    this.#child.kill('SIGSTOP');
  }

  thaw(): void {
    this.#child.kill('SIGCONT');
  }

  terminate(): void {
    this.#child.kill('SIGTERM');
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#exit;
  }

  /** Rejects unless it ends in time, by itself, and without an error. */
  async stop(): Promise<void> {
    this.terminate();
    const code = await this.exit();
    if (code !== 0) throw new Error(this.#report(`ended with ${code ?? 'a signal'} after SIGTERM`));
  }

  #get(path: string): Promise<Response> {
    return fetch(`${this.url}${path}`, { signal: AbortSignal.timeout(5_000) });
  }

  async #wait<T>(what: string, within: number, ask: () => Promise<T> | T): Promise<T> {
    try {
      return await eventually(ask, within);
    } catch (error) {
      throw new Error(this.#report(`was waited for ${what}, ${within} ms: ${String(error)}`), { cause: error });
    }
  }

  #report(complaint: string): string {
    return [`${this.name} ${complaint}; its last lines:`, ...this.lines.slice(-SHOWN_LINES)].join('\n  ');
  }
}
