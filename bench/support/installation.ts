import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MikroORM } from '@mikro-orm/mysql';
import type { CouponClient } from '../../test/support/coupon-client.ts';
import { Deployment } from '../../test/support/deployment.ts';
import { eventually } from '../../test/support/eventually.ts';
import { ServerStack } from '../../test/support/own-servers.ts';
import { randomName } from '../../test/support/random.ts';
import type { ServiceProcess } from '../../test/support/service-process.ts';
import { Stores } from '../../test/support/stores.ts';

export type Role = 'api' | 'consumer' | 'redis' | 'kafka' | 'mysql';

const SHOWN_LINES = 10;
const STORED_WITHIN = 60_000;
const LAST_STORED = 'select max(sequence) as last from coupons where campaign_id = ?';

/** Real servers of our own, and the built service on them: one API process, one consumer. */
export class Installation implements AsyncDisposable {
  readonly servers: ServerStack;
  readonly deployment: Deployment;
  readonly stores: Stores;
  readonly #orm: MikroORM;

  private constructor(servers: ServerStack, deployment: Deployment) {
    this.servers = servers;
    this.deployment = deployment;
    this.stores = new Stores(deployment);
    this.#orm = new MikroORM({
      clientUrl: servers.mysqlUrl(),
      entities: [],
      discovery: { warnWhenNoEntities: false },
    });
  }

  static async start(): Promise<Installation> {
    const servers = await ServerStack.start();
    const installation = new Installation(servers, new Deployment(servers, { LOG_LEVEL: 'warn' }));
    try {
      await installation.#startService();
    } catch (error) {
      await installation[Symbol.asyncDispose]();
      throw error;
    }
    return installation;
  }

  get api(): ServiceProcess {
    return oneOf(this.deployment.apis);
  }

  get consumer(): ServiceProcess {
    return oneOf(this.deployment.consumers);
  }

  get client(): CouponClient {
    return this.deployment.client();
  }

  /** The processes of every role, as they are now. */
  async pids(): Promise<Readonly<Record<Role, readonly number[]>>> {
    return {
      api: this.deployment.apis.filter(({ isRunning }) => isRunning).map(({ pid }) => pid),
      consumer: this.deployment.consumers.filter(({ isRunning }) => isRunning).map(({ pid }) => pid),
      redis: [await this.#serverPid('redis')],
      kafka: [await this.#serverPid('kafka')],
      mysql: [await this.#serverPid('mysql')],
    };
  }

  /** Rows of the service's database, beside the service. */
  sql<Row>(query: string, values: readonly unknown[] = []): Promise<Row[]> {
    return this.#orm.em.execute<Row[]>(query, values);
  }

  /** Open for applications; its name has the same length each time. */
  async newCampaign(limit: number): Promise<string> {
    const id = randomName('bench');
    // On a busy machine a creation may be cut short: the same request again goes on with it.
    await eventually(async () => {
      const { status, body } = await this.client.createCampaign(id, limit);
      if (status !== 201 && status !== 200)
        throw new Error(`PUT of ${id} is answered ${status} ${JSON.stringify(body)}`);
    });
    return id;
  }

  /** Resolves when everything that was granted is a coupon. */
  async stored(campaignId: string): Promise<void> {
    // An account counts rows: asked all the time, it would be much of what MySQL does.
    await eventually(async () => {
      const granted = await this.stores.redis.hget(`coupon:{${campaignId}}:meta`, 'counter');
      const [row] = await this.sql<{ last: number | null }>(LAST_STORED, [campaignId]);
      if (Number(granted) !== (row?.last ?? 0))
        throw new Error(`the last coupon of ${campaignId} is ${row?.last}, the last granted ${granted}`);
    }, STORED_WITHIN);
    await eventually(async () => {
      const account = await this.client.account(campaignId);
      const { pending, inFlight, unaccounted, granted, issued } = account;
      if (pending !== 0 || inFlight !== 0 || unaccounted !== 0 || issued !== granted) {
        throw new Error(`${campaignId} is not stored: ${JSON.stringify(account)}`);
      }
    }, STORED_WITHIN);
  }

  /** What the processes of the service said last, for whoever wonders what went wrong. */
  lastLines(): readonly string[] {
    const all = [...this.deployment.apis, ...this.deployment.consumers];
    return all.flatMap(({ name, isRunning, lines }) => [
      `${name} ${isRunning ? 'runs' : 'has ended'}`,
      ...lines.slice(-SHOWN_LINES).map((line) => `  ${line}`),
    ]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#orm.close(true);
    await this.stores[Symbol.asyncDispose]();
    await this.deployment.kill();
    await this.servers.remove();
  }

  async #startService(): Promise<void> {
    await this.deployment.migrate();
    // Several first queries at once would each open a pool.
    await this.#orm.connect();
    await this.deployment.startConsumers(1);
    await this.deployment.startApis(1);
    await this.deployment.ready();
  }

  async #serverPid(server: 'redis' | 'kafka' | 'mysql'): Promise<number> {
    return Number(await readFile(join(this.servers.directory, server, 'pid'), 'utf8'));
  }
}

function oneOf(processes: readonly ServiceProcess[]): ServiceProcess {
  const [first] = processes;
  if (first === undefined) throw new Error('nothing was started');
  return first;
}
