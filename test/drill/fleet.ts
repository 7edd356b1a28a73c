import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CouponClient } from '../support/coupon-client.ts';
import { freePort } from '../support/free-port.ts';
import { type Environment, ServiceProcess } from '../support/service-process.ts';
import type { Surroundings } from './surroundings.ts';

/** A busy machine takes its time. */
const STARTS_WITHIN = 120_000;
const APIS = 2;
const CONSUMERS = 2;
export const PROCESSES = APIS + CONSUMERS;
export const ADMIN_TOKEN = 'an-admin-token-of-a-drill';

export const TOPIC = 'coupon_create';
const GROUP = 'coupon-issuer';

export type Role = 'api' | 'consumer';

/** The processes of the service: numbers 0 and 1 are the APIs, 2 and 3 the consumers. */
export class Fleet {
  readonly #processes: ServiceProcess[];
  readonly #evidence: string;
  readonly #killed = new Set<number>();
  readonly #ended: ServiceProcess[] = [];

  private constructor(processes: ServiceProcess[], evidence: string) {
    this.#processes = processes;
    this.#evidence = evidence;
  }

  /**
   * Migrated, and ready.
   *
   * @param preload a module that every process loads first: how a guard is taken away
   */
  static async start(surroundings: Surroundings, evidence: string, preload: URL | null): Promise<Fleet> {
    const settings = (index: number): Environment => ({
      ...surroundings.environment(index),
      KAFKA_TOPIC: TOPIC,
      KAFKA_GROUP_ID: GROUP,
      ADMIN_TOKEN,
      AUTH_MODE: 'gateway',
      LOG_LEVEL: 'info',
      ...(preload && { NODE_OPTIONS: `--import ${preload.href}` }),
    });
    const migration = new ServiceProcess('migrate', settings(0));
    const code = await migration.exit(STARTS_WITHIN);
    if (code !== 0) throw new Error(`migrate ended with ${code}: ${migration.output}`);
    const processes: ServiceProcess[] = [];
    for (let index = 0; index < PROCESSES; index += 1) {
      const entry = index < APIS ? 'api' : 'consumer';
      processes.push(new ServiceProcess(entry, settings(index), await freePort()));
    }
    const fleet = new Fleet(processes, evidence);
    try {
      await fleet.ready(STARTS_WITHIN);
    } catch (error) {
      await fleet.kill();
      throw error;
    }
    return fleet;
  }

  get urls(): readonly string[] {
    return this.#processes.slice(0, APIS).map(({ url }) => url);
  }

  get clients(): readonly CouponClient[] {
    return this.urls.map((url) => new CouponClient(url, ADMIN_TOKEN));
  }

  /** What all processes have said, those that have ended included. */
  get lines(): readonly string[] {
    return [...this.#ended, ...this.#processes].flatMap(({ lines }) => lines);
  }

  /** The numbers of the processes of a role. */
  numbers(role: Role): readonly number[] {
    return role === 'api' ? [0, 1] : [2, 3];
  }

  process(index: number): ServiceProcess {
    const found = this.#processes[index];
    if (found === undefined) throw new Error(`no process ${index}`);
    return found;
  }

  async killOne(index: number): Promise<void> {
    this.#killed.add(index);
    await this.process(index).kill();
  }

  /** In place of a process that ended; resolves as soon as it is started. */
  async restart(index: number): Promise<void> {
    const ended = this.process(index);
    this.#processes[index] = ended.again();
    this.#killed.delete(index);
    this.#ended.push(ended);
    await this.#keepLines(index, ended);
  }

  /** Starts those again that ended by themselves, as any supervisor would; answers their names. */
  async revive(): Promise<readonly string[]> {
    const ended = this.#processes.flatMap(({ isRunning }, index) =>
      isRunning || this.#killed.has(index) ? [] : [index],
    );
    for (const index of ended) await this.restart(index);
    return ended.map((index) => this.process(index).name);
  }

  async ready(within: number): Promise<void> {
    await Promise.all(this.#processes.map((each) => each.ready(within)));
  }

  async kill(): Promise<void> {
    await Promise.all(this.#processes.map((each) => each.kill()));
    await Promise.all(this.#processes.map((each, index) => this.#keepLines(index, each)));
  }

  #keepLines(index: number, ended: ServiceProcess): Promise<void> {
    const role = index < APIS ? `api-${index}` : `consumer-${index - APIS}`;
    return appendFile(join(this.#evidence, `${role}.log`), `${ended.lines.join('\n')}\n-- ended --\n`);
  }
}
