import { parentPort, workerData } from 'node:worker_threads';
import type { ProfileName } from './profiles.ts';
import { addOutcome, emptyReport } from './report.ts';
import { type Guard, sabotages } from './sabotages.ts';
import { runSchedule } from './schedule.ts';

export interface Work {
  readonly profile?: ProfileName | undefined;
  readonly sabotage?: Guard | undefined;
}

/** Some seeds in a row. */
export interface Batch {
  readonly from: number;
  readonly count: number;
}

// What goes wrong on purpose makes thousands of errors a second; a replay shows where a real one came from.
Error.stackTraceLimit = 0;

const { profile, sabotage } = workerData as Work;
const port = parentPort;

port?.on('message', ({ from, count }: Batch) => {
  void runBatch(from, count);
});

async function runBatch(from: number, count: number): Promise<void> {
  const report = emptyReport();
  for (let seed = from; seed < from + count; seed += 1) {
    addOutcome(report, await runSchedule(seed, { profile, sabotage: sabotage && sabotages[sabotage] }));
  }
  port?.postMessage(report);
}
