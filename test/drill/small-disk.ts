import { execFile, spawnSync } from 'node:child_process';
import { mkdir, statfs } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const WHOLE = 768 * 2 ** 20;
const TRIES = 20;

/** A file system in memory, of one server, that can be full. */
export class SmallDisk {
  readonly #folder: string;
  readonly #lastResort = (): void => {
    spawnSync('umount', ['-l', this.#folder]);
  };

  private constructor(folder: string) {
    this.#folder = folder;
    process.once('exit', this.#lastResort);
  }

  /** Null where this machine does not allow a file system to be mounted. */
  static async mount(folder: string): Promise<SmallDisk | null> {
    await mkdir(folder, { recursive: true });
    try {
      await run('mount', ['-t', 'tmpfs', '-o', `size=${WHOLE},mode=700`, 'tmpfs', folder]);
    } catch {
      return null;
    }
    return new SmallDisk(folder);
  }

  /** Not a byte more is taken. */
  async fill(): Promise<void> {
    for (let tried = 1; ; tried += 1) {
      const { blocks, bfree, bsize } = await statfs(this.#folder);
      try {
        await this.#resize((blocks - bfree) * bsize);
        return;
      } catch (error) {
        // It has grown since it was asked.
        if (tried === TRIES) throw error;
      }
    }
  }

  clear(): Promise<unknown> {
    return this.#resize(WHOLE);
  }

  async unmount(): Promise<void> {
    await run('umount', ['-l', this.#folder]);
    process.off('exit', this.#lastResort);
  }

  #resize(bytes: number): Promise<unknown> {
    return run('mount', ['-o', `remount,size=${bytes}`, this.#folder]);
  }
}
