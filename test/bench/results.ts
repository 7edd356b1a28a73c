import type { FigureResult, Results } from '../../bench/support/results.ts';
import { spreadOf } from '../../bench/support/statistics.ts';

const MACHINE = { cpu: 'Abacus 2', cores: 2, memoryGiB: 24, kernel: '6.1', pinning: 'nothing pinned' };

/** What `npm run bench -- --json` may write. */
export const resultsWith = (figures: readonly FigureResult[], other: Partial<Results> = {}): Results => ({
  schema: 1,
  date: '2026-11-22T12:00:00.000Z',
  machine: MACHINE,
  versions: { node: '24.21.0', redis: '7.0.15', koa: '3.3.0' },
  commit: 'abc1234',
  quick: false,
  rounds: 5,
  figures,
  readings: {},
  failures: [],
  ...other,
});

export const figureWith = (rounds: readonly number[], other: Partial<FigureResult> = {}): FigureResult => ({
  suite: 'api',
  name: 'accepted-rate',
  title: 'accepted',
  unit: '1/s',
  goal: null,
  ...spreadOf(rounds),
  rounds,
  ...other,
});
