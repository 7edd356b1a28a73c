import type { ServiceProcess } from '../../../test/support/service-process.ts';
import type { MemorySample } from './memory-samples.ts';

/** Looks at the memory of a process, by what its own metrics say, as often as given in milliseconds. */
export class WatchedMemory implements Disposable {
  readonly samples: MemorySample[] = [];
  /** Of the run, from 0 to 1. */
  progress = 0;
  readonly #watched: ServiceProcess;
  readonly #watching: NodeJS.Timeout;

  constructor(watched: ServiceProcess, every: number) {
    this.#watched = watched;
    // A look that fails is one look less; too few of them are an error later.
    this.#watching = setInterval(() => void this.#look().catch(() => undefined), every);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#watching);
  }

  async #look(): Promise<void> {
    const answer = await fetch(`${this.#watched.url}/metrics`, { signal: AbortSignal.timeout(5_000) });
    const text = await answer.text();
    const gauge = (name: string): number => Number(new RegExp(`^${name} (\\S+)`, 'm').exec(text)?.[1] ?? Number.NaN);
    this.samples.push({
      progress: this.progress,
      resident: gauge('process_resident_memory_bytes'),
      heap: gauge('nodejs_heap_size_used_bytes'),
    });
  }
}
