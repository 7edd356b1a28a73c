import { rmSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { eventually } from '../support/eventually.ts';
import { Fleet, PROCESSES } from './fleet.ts';
import { RedisFiles } from './redis-files.ts';
import { SmallDisk } from './small-disk.ts';
import { SERVERS, Surroundings } from './surroundings.ts';

/** Everything that faults are made of. */
export class Scene {
  readonly surroundings: Surroundings;
  readonly fleet: Fleet;
  readonly files: RedisFiles;
  /** Beside the service, and not through a detour. */
  readonly redis: Redis;
  /** Null where this machine mounts nothing. */
  readonly disk: SmallDisk | null;
  /** Never sold out: they show whether the service has recovered. */
  readonly lastingCampaigns: readonly string[] = ['lasting-one', 'lasting-two'];

  private constructor(surroundings: Surroundings, fleet: Fleet, disk: SmallDisk | null) {
    this.surroundings = surroundings;
    this.fleet = fleet;
    this.disk = disk;
    this.files = new RedisFiles(surroundings.servers.directory);
    this.redis = new Redis(surroundings.servers.redisUrl, { retryStrategy: () => 50, maxRetriesPerRequest: null });
    this.redis.on('error', () => {});
    process.once('exit', () => rmSync(surroundings.servers.directory, { recursive: true, force: true }));
  }

  static async set(evidence: string, preload: URL | null): Promise<Scene> {
    let disk: SmallDisk | null = null;
    const surroundings = await Surroundings.start(PROCESSES, async (directory) => {
      disk = await SmallDisk.mount(join(directory, 'redis', 'data'));
    });
    try {
      return new Scene(surroundings, await Fleet.start(surroundings, evidence, preload), disk);
    } catch (error) {
      await surroundings.servers.kill();
      await (disk as SmallDisk | null)?.unmount();
      await surroundings.remove();
      throw error;
    }
  }

  /** Marks of pending grants are there only for moments: where none comes, the users are lost. */
  async loseKey(campaignId: string, key: string): Promise<void> {
    try {
      await eventually(async () => {
        if ((await this.redis.del(`coupon:{${campaignId}}:${key}`)) !== 1) throw new Error(`no ${key}`);
      }, 1_000);
    } catch {
      await this.redis.del(`coupon:{${campaignId}}:users`);
    }
  }

  /** @param evidence where the logs of the servers are kept; null: nowhere */
  async clear(evidence: string | null): Promise<void> {
    this.redis.disconnect();
    await this.fleet.kill();
    if (evidence !== null) await this.#keepLogs(evidence);
    await this.surroundings.servers.kill();
    await this.disk?.unmount();
    await this.surroundings.remove();
  }

  async #keepLogs(evidence: string): Promise<void> {
    for (const server of SERVERS) {
      for (const name of ['log', 'log.previous']) {
        const file = join(this.surroundings.servers.directory, server, name);
        await copyFile(file, join(evidence, `${server}.${name}`)).catch(() => {});
      }
    }
  }
}
