import { availableParallelism, cpus, release, totalmem } from 'node:os';
import { PINNING } from './pinning.ts';
import type { Machine } from './results.ts';

export const machineOf = (): Machine => ({
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  cores: availableParallelism(),
  memoryGiB: Math.round((10 * totalmem()) / 2 ** 30) / 10,
  kernel: release(),
  pinning: PINNING,
});
