import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { addReport, emptyReport, type Report } from './report.ts';
import type { Batch, Work } from './worker.ts';

const BATCH = 25;

interface Options extends Work {
  readonly seeds: number;
  readonly firstSeed?: number | undefined;
  readonly workers?: number | undefined;
  /** Begins no more seeds after the first violation. */
  readonly untilViolated?: boolean;
  readonly onProgress?: (report: Report) => void;
}

/** Runs many seeds on every core. What is found does not depend on the number of workers. */
export async function runSeeds(options: Options): Promise<Report> {
  const { seeds, firstSeed = 1, workers = availableParallelism(), untilViolated = false, onProgress } = options;
  const { profile, sabotage } = options;
  const sum = emptyReport();
  let next = firstSeed;
  const take = (): Batch | null => {
    const count = Math.min(BATCH, firstSeed + seeds - next);
    if (count <= 0 || (untilViolated && sum.violated.length > 0)) return null;
    next += count;
    return { from: next - count, count };
  };
  const work = { profile, sabotage } satisfies Work;
  await Promise.all(
    Array.from({ length: workers }, () =>
      runWorker(work, take, (report) => {
        addReport(sum, report);
        onProgress?.(sum);
      }),
    ),
  );
  sum.violated.sort((a, b) => a.seed - b.seed);
  return sum;
}

function runWorker(work: Work, take: () => Batch | null, done: (report: Report) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), {
      workerData: work,
      resourceLimits: { maxYoungGenerationSizeMb: 64 },
    });
    const send = (): void => {
      const batch = take();
      if (batch === null) void worker.terminate().then(() => resolve(), reject);
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
      else worker.postMessage(batch);
    };
    worker.on('error', reject);
    worker.on('message', (report: Report) => {
      done(report);
      send();
    });
    send();
  });
}
