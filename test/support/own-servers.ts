import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './free-port.ts';

export type Server = 'redis' | 'mysql' | 'kafka';
type Ports = Readonly<Record<Server, number>>;

/** A port of Kafka whose clients are sent to another one, where a proxy stands. */
export interface Detour {
  readonly port: number;
  readonly through: number;
}

const SCRIPT = 'scripts/services.sh';
const ALL: readonly Server[] = ['redis', 'mysql', 'kafka'];
const run = promisify(execFile);

/** Real servers of one suite, on their own ports and in their own directory, so that they may be killed and emptied. */
export class ServerStack {
  readonly ports: Ports;
  readonly directory: string;
  readonly #detours: string;
  readonly #lastResort = (): void => {
    spawnSync('bash', [SCRIPT, 'kill', this.directory, ...ALL]);
  };

  private constructor(directory: string, ports: Ports, detours: readonly Detour[]) {
    this.directory = directory;
    this.ports = ports;
    this.#detours = detours.map(({ port, through }) => `${port}=${through}`).join(' ');
    process.once('exit', this.#lastResort);
  }

  /**
   * @param detours more ways to Kafka
   * @param prepare is given the directory before anything is started
   */
  static async start(
    detours: readonly Detour[] = [],
    prepare: (directory: string) => Promise<unknown> = async () => {},
  ): Promise<ServerStack> {
    const directory = await mkdtemp(join(tmpdir(), 'coupon-servers-'));
    const ports = { redis: await freePort(), mysql: await freePort(), kafka: await freePort(2) };
    const stack = new ServerStack(directory, ports, detours);
    try {
      await prepare(directory);
      await stack.start();
    } catch (error) {
      await stack.remove();
      throw error;
    }
    return stack;
  }

  get redisUrl(): string {
    return `redis://127.0.0.1:${this.ports.redis}`;
  }

  get kafkaBrokers(): string {
    return `127.0.0.1:${this.ports.kafka}`;
  }

  mysqlUrl(database = 'coupon'): string {
    return `mysql://root@127.0.0.1:${this.ports.mysql}/${database}`;
  }

  /** Continues on what is on disk, and resolves when they answer. */
  start = (...servers: Server[]): Promise<void> => this.#do('start', servers);
  stop = (...servers: Server[]): Promise<void> => this.#do('stop', servers);
  kill = (...servers: Server[]): Promise<void> => this.#do('kill', servers);
  freeze = (...servers: Server[]): Promise<void> => this.#do('freeze', servers);
  thaw = (...servers: Server[]): Promise<void> => this.#do('thaw', servers);

  /** What a Redis without its disk comes back with. */
  async startRedisEmpty(): Promise<void> {
    await rm(join(this.directory, 'redis', 'data'), { recursive: true });
    await this.start('redis');
  }

  async remove(): Promise<void> {
    await this.kill();
    process.off('exit', this.#lastResort);
    await rm(this.directory, { recursive: true, force: true });
  }

  async #do(action: string, servers: readonly Server[]): Promise<void> {
    const { redis, mysql, kafka } = this.ports;
    const ports = {
      REDIS_PORT: `${redis}`,
      MYSQL_PORT: `${mysql}`,
      KAFKA_PORT: `${kafka}`,
      KAFKA_DETOURS: this.#detours,
    };
    const named = servers.length > 0 ? servers : ALL;
    await run('bash', [SCRIPT, action, this.directory, ...named], { env: { ...process.env, ...ports } });
  }
}
