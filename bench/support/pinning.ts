import { execFile, spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';
import type { Installation } from './installation.ts';

const run = promisify(execFile);

interface Process {
  readonly pid: number;
}

/** Whoever answers requests, the service and the references alike, has one core, and who sends them has the other. */
const [SERVER, GENERATOR] = ['0', '1'] as const;
/** Redis, Kafka, MySQL and the consumer are where the kernel puts them on the same two cores, however many there are. */
const SURROUNDINGS = '0,1';

const cores = availableParallelism();
const isPossible = cores > 1 && spawnSync('taskset', ['--version']).status === 0;

export const PINNING: string = isPossible
  ? 'whoever answers on core 0, generator on core 1, Redis, Kafka, MySQL and consumer on both'
  : 'nothing pinned';

/** Keeps the processes that are measured on their cores until it is disposed of. */
export class Pinning implements AsyncDisposable {
  readonly #pids: number[] = [];

  static async of(installation: Installation, generator: Process, servers: readonly Process[]): Promise<Pinning> {
    const { redis, kafka, mysql, consumer } = await installation.pids();
    const pinning = new Pinning();
    for (const pid of [redis, kafka, mysql, consumer].flat()) await pinning.#pin(pid, SURROUNDINGS);
    for (const { pid } of servers) await pinning.#pin(pid, SERVER);
    await pinning.#pin(generator.pid, GENERATOR);
    return pinning;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const pid of this.#pids) await pinThreads(pid, `0-${cores - 1}`).catch(() => {});
  }

  async #pin(pid: number, on: string): Promise<void> {
    this.#pids.push(pid);
    await pinThreads(pid, on);
  }
}

async function pinThreads(pid: number, on: string): Promise<void> {
  if (isPossible) await run('taskset', ['--all-tasks', '--cpu-list', '--pid', on, `${pid}`]);
}
