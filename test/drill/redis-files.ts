import { cp, readdir, rm, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';

/** What lies on the disk of a Redis that may be stopped. */
export class RedisFiles {
  readonly #data: string;
  readonly #copy: string;

  /** @param directory of the server stack */
  constructor(directory: string) {
    this.#data = join(directory, 'redis', 'data');
    this.#copy = join(directory, 'redis-copy');
  }

  /** The folder itself stays: a file system may be mounted there. */
  async empty(): Promise<void> {
    for (const name of await readdir(this.#data)) await rm(join(this.#data, name), { recursive: true, force: true });
  }

  /** Of a Redis that runs: at worst the copy lacks its last moments, or half a command at its end. */
  async takeCopy(): Promise<void> {
    await rm(this.#copy, { recursive: true, force: true });
    await cp(this.#data, this.#copy, { recursive: true });
  }

  async restoreCopy(): Promise<void> {
    await this.empty();
    await cp(this.#copy, this.#data, { recursive: true });
  }

  /** Cuts so many bytes off the end of the append-only file, or half of it where it is shorter; answers how many. */
  async cutTail(bytes: number): Promise<number> {
    const folder = join(this.#data, 'appendonlydir');
    const increments = (await readdir(folder)).filter((name) => name.endsWith('.incr.aof'));
    const last = increments.toSorted((a, b) => numberOf(a) - numberOf(b)).at(-1);
    if (last === undefined) throw new Error('Redis has no append-only file');
    const file = join(folder, last);
    const { size } = await stat(file);
    const cut = Math.min(bytes, Math.floor(size / 2));
    await truncate(file, size - cut);
    return cut;
  }
}

/** appendonly.aof.<number>.incr.aof */
const numberOf = (name: string): number => Number(name.split('.').at(-3));
