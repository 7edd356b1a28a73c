import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { describe, inject } from 'vitest';
import { eventually } from './eventually.ts';
import { describeWithServices } from './services.ts';

/** A suite that runs on redis-servers of its own. */
export const describeWithRedisServer = inject('canStartServers') ? describeWithServices : describe.skipIf(true);

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
};

/** A redis-server of a test's own, durable as the design wants it, to be killed, frozen and robbed. */
export class RedisServer implements AsyncDisposable {
  readonly port: number;
  /** For the test's own commands; connects again by itself. */
  readonly admin: Redis;
  readonly #directory: string;
  readonly #settings: readonly string[];
  #process: ChildProcess | null = null;

  private constructor(port: number, directory: string, settings: readonly string[]) {
    this.port = port;
    this.#directory = directory;
    this.#settings = settings;
    this.admin = new Redis(port, '127.0.0.1', { retryStrategy: () => 20, maxRetriesPerRequest: null });
    this.admin.on('error', () => undefined);
  }

  /** @param settings more command line arguments; they win over the durable ones */
  static async start(...settings: string[]): Promise<RedisServer> {
    const directory = await mkdtemp(join(tmpdir(), 'redis-'));
    const server = new RedisServer(await freePort(), directory, settings);
    await server.#run();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async kill(): Promise<void> {
    const running = this.#process;
    this.#process = null;
    if (running === null) return;
    running.kill('SIGKILL');
    if (running.exitCode === null && running.signalCode === null) await once(running, 'exit');
  }

  /** Another process with everything that the old one had written. */
  async restart(): Promise<void> {
    await this.kill();
    await this.#run();
  }

  async restartEmpty(): Promise<void> {
    await this.kill();
    await rm(join(this.#directory, 'appendonlydir'), { recursive: true, force: true });
    await this.#run();
  }

  freeze(): void {
    this.#process?.kill('SIGSTOP');
  }

  thaw(): void {
    this.#process?.kill('SIGCONT');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.admin.disconnect();
    await this.kill();
    await rm(this.#directory, { recursive: true, force: true });
  }

  async #run(): Promise<void> {
    const place = ['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.#directory, '--save', ''];
    const durable = ['--appendonly', 'yes', '--appendfsync', 'always', '--maxmemory-policy', 'noeviction'];
    const running = spawn('redis-server', [...place, ...durable, ...this.#settings], { stdio: 'ignore' });
    this.#process = running;
    await eventually(async () => {
      if (running.exitCode !== null) throw new Error(`redis-server ended with ${running.exitCode}`);
      await this.admin.ping();
    });
  }
}
