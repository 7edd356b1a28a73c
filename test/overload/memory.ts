import { eventually } from '../support/eventually.ts';
import type { ServiceProcess } from '../support/service-process.ts';

const MEBIBYTE = 2 ** 20;
const LOOK_EVERY = 500;
/** Heaps breathe; what an overload leaves behind would be more than this. */
const MOST_LEFT = 64;
/** What the connections and requests that one process takes can come to. */
const MOST_RESIDENT = 1_500;

interface Look {
  readonly resident: number;
  readonly heap: number;
}

/** What one process takes, in mebibytes, as its own metrics say. */
export class Memory {
  readonly before: Look;
  most = 0;
  after: Look;
  readonly #process: ServiceProcess;
  readonly #watching: NodeJS.Timeout;

  private constructor(process: ServiceProcess, before: Look) {
    this.#process = process;
    this.before = before;
    this.after = before;
    this.#watching = setInterval(() => {
      look(process).then(
        ({ resident }) => {
          this.most = Math.max(this.most, resident);
        },
        () => undefined,
      );
    }, LOOK_EVERY);
  }

  static async watch(process: ServiceProcess): Promise<Memory> {
    return new Memory(process, await look(process));
  }

  /** Waits until what the overload took is given back, as long as that can be hoped for. */
  async rest(): Promise<void> {
    clearInterval(this.#watching);
    await eventually(async () => {
      this.after = await look(this.#process);
      if (!this.#isBack()) throw new Error('the heap is larger than before');
    }, 30_000).catch(() => undefined);
    this.most = Math.max(this.most, this.after.resident);
  }

  violations(): readonly string[] {
    return [
      ...(this.#isBack() ? [] : [`the heap was ${this.before.heap} MiB before and is ${this.after.heap} MiB after`]),
      ...(this.most > MOST_RESIDENT ? [`the process took ${this.most} MiB`] : []),
    ];
  }

  #isBack(): boolean {
    return this.after.heap <= this.before.heap + MOST_LEFT;
  }
}

async function look({ url }: ServiceProcess): Promise<Look> {
  const answer = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(20_000) });
  const text = await answer.text();
  const gauge = (name: string): number =>
    Math.round(Number(new RegExp(`^${name} (\\S+)`, 'm').exec(text)?.[1] ?? Number.NaN) / MEBIBYTE);
  return { resident: gauge('process_resident_memory_bytes'), heap: gauge('nodejs_heap_size_used_bytes') };
}
