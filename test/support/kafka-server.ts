import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, inject } from 'vitest';
import { eventually } from './eventually.ts';
import { freePort } from './free-port.ts';
import { SERVICES_ROOT } from './missing-programs.ts';

const LIBRARIES = join(SERVICES_ROOT, 'kafka', 'libs');

/** A suite that starts a Kafka of its own or runs its tools, and is skipped where there is none. */
export const describeWithOwnKafka = describe.skipIf(!inject('canStartServers'));

/** The command line of a Java class that comes with Kafka. */
export const kafkaTool = (name: string, ...options: string[]): readonly [string, string[]] => [
  'java',
  ['-Xms64m', '-Xmx512m', '-cp', join(LIBRARIES, '*'), name, ...options],
];

/** A single broker that a test may kill and freeze. */
export class KafkaServer implements AsyncDisposable {
  readonly brokers: string;
  readonly #directory: string;
  readonly #port: number;
  #process: ChildProcess | null = null;

  static async start(): Promise<KafkaServer> {
    const port = await freePort(2);
    const controller = port + 1;
    const directory = await mkdtemp(join(tmpdir(), 'kafka-'));
    const properties = {
      'process.roles': 'broker,controller',
      'node.id': 1,
      'controller.quorum.voters': `1@127.0.0.1:${controller}`,
      listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controller}`,
      'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
      'controller.listener.names': 'CONTROLLER',
      'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
      'log.dirs': join(directory, 'logs'),
      'auto.create.topics.enable': false,
      'offsets.topic.replication.factor': 1,
      'offsets.topic.num.partitions': 1,
      'group.initial.rebalance.delay.ms': 0,
    };
    const lines = Object.entries(properties).map(([name, value]) => `${name}=${value}\n`);
    await writeFile(join(directory, 'server.properties'), lines.join(''));
    const format = kafkaTool('kafka.tools.StorageTool', 'format', '-t', 'MkU3OEVBNTcwNTJENDM2Qk', '-c');
    execFileSync(format[0], [...format[1], join(directory, 'server.properties')], { stdio: 'ignore' });
    const server = new KafkaServer(directory, port);
    await server.run();
    return server;
  }

  private constructor(directory: string, port: number) {
    this.#directory = directory;
    this.#port = port;
    this.brokers = `127.0.0.1:${port}`;
  }

  async run(): Promise<void> {
    const [java, options] = kafkaTool('kafka.Kafka', join(this.#directory, 'server.properties'));
    this.#process = spawn(java, options, { stdio: 'ignore' });
    await eventually(
      () =>
        new Promise<void>((resolve, reject) => {
          const socket = connect({ host: '127.0.0.1', port: this.#port });
          socket.once('connect', () => resolve(void socket.destroy()));
          socket.once('error', reject);
        }),
      60_000,
    );
  }

  async kill(): Promise<void> {
    const process = this.#process;
    if (process === null || process.exitCode !== null || process.signalCode !== null) return;
    const gone = new Promise((resolve) => process.once('exit', resolve));
    process.kill('SIGKILL');
    await gone;
  }

  /** Its sockets stay open and take requests; nothing answers. */
  freeze(): void {
    this.#process?.kill('SIGSTOP');
  }

  thaw(): void {
    this.#process?.kill('SIGCONT');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await rm(this.#directory, { recursive: true, force: true });
  }
}
