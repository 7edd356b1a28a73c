import { CouponClient } from './coupon-client.ts';
import { freePort } from './free-port.ts';
import type { ServerStack } from './own-servers.ts';
import { randomName } from './random.ts';
import { type Entry, type Environment, ServiceProcess } from './service-process.ts';

const ADMIN_TOKEN = 'an-admin-token-of-a-test';

/** The processes of one installation on one stack of servers, with a topic and a group of their own. */
export class Deployment {
  readonly servers: ServerStack;
  readonly database: string;
  readonly topic = randomName('coupon_create');
  readonly apis: ServiceProcess[] = [];
  readonly consumers: ServiceProcess[] = [];
  readonly #environment: Environment;

  constructor(servers: ServerStack, { database = 'coupon', ...more }: { database?: string } & Environment = {}) {
    this.servers = servers;
    this.database = database;
    this.#environment = {
      REDIS_URL: servers.redisUrl,
      KAFKA_BROKERS: servers.kafkaBrokers,
      MYSQL_URL: servers.mysqlUrl(database),
      KAFKA_TOPIC: this.topic,
      KAFKA_GROUP_ID: `${this.topic}-issuer`,
      ADMIN_TOKEN,
      AUTH_MODE: 'gateway',
      LOG_LEVEL: 'info',
      ...more,
    };
  }

  /** Migrated, and ready. */
  static async start(servers: ServerStack, more: Environment = {}): Promise<Deployment> {
    const deployment = new Deployment(servers, more);
    try {
      await deployment.migrate();
      await deployment.startConsumers(2);
      await deployment.startApis(2);
      await deployment.ready();
    } catch (error) {
      await deployment.kill();
      throw error;
    }
    return deployment;
  }

  get urls(): readonly string[] {
    return this.apis.map(({ url }) => url);
  }

  /** Of one API; all of them answer the same. */
  client(index = 0): CouponClient {
    return new CouponClient(this.urls[index] ?? '', ADMIN_TOKEN);
  }

  /** The consumer that said last that it leads, if it runs and did not take it back. */
  get leader(): ServiceProcess | undefined {
    return this.consumers.find(({ isRunning, lines }) => {
      const said = lines.findLast((line) => line.includes('leading"'));
      return isRunning && said?.includes('no longer') === false;
    });
  }

  async migrate(): Promise<void> {
    const migration = new ServiceProcess('migrate', this.#environment);
    const code = await migration.exit(60_000);
    if (code !== 0) throw new Error(`migrate ended with ${code}: ${migration.output}`);
  }

  startApis = (count: number): Promise<void> => this.#start('api', this.apis, count);
  startConsumers = (count: number): Promise<void> => this.#start('consumer', this.consumers, count);

  /** In place of a process that ended, on its port. */
  async restart(ended: ServiceProcess): Promise<ServiceProcess> {
    const again = ended.again();
    for (const among of [this.apis, this.consumers]) {
      const index = among.indexOf(ended);
      if (index >= 0) among[index] = again;
    }
    await again.ready();
    return again;
  }

  async ready(within = 30_000): Promise<void> {
    await Promise.all([...this.apis, ...this.consumers].map((each) => each.ready(within)));
  }

  /** Rejects where a process does not end well. */
  async stop(): Promise<void> {
    try {
      await Promise.all([...this.apis, ...this.consumers].filter((each) => each.isRunning).map((each) => each.stop()));
    } finally {
      await this.kill();
    }
  }

  async kill(): Promise<void> {
    await Promise.all([...this.apis, ...this.consumers].map((each) => each.kill()));
  }

  async #start(entry: Entry, among: ServiceProcess[], count: number): Promise<void> {
    for (let started = 0; started < count; started += 1) {
      among.push(new ServiceProcess(entry, this.#environment, await freePort()));
    }
  }
}
