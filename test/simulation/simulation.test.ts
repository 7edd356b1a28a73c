import { expect, it } from 'vitest';
import { runSeeds } from './run-seeds.ts';
import { runSchedule } from './schedule.ts';

const SEEDS = Number(process.env['SIMULATED_SEEDS'] ?? 5_000);

async function traceOf(seed: number): Promise<readonly string[]> {
  const lines: string[] = [];
  await runSchedule(seed, { trace: (line) => lines.push(line) });
  return lines;
}

it('runs the same seed twice in the same way, to the last line', async () => {
  for (const seed of [1, 3, 5, 10]) {
    const first = await traceOf(seed);
    expect(first.length).toBeGreaterThan(50);
    expect(await traceOf(seed)).toEqual(first);
  }
});

it('runs two seeds in two ways', async () => {
  expect(await traceOf(1)).not.toEqual(await traceOf(2));
});

it(`violates no invariant in ${SEEDS} schedules full of faults`, { timeout: 600_000 }, async () => {
  const report = await runSeeds({ seeds: SEEDS });
  expect(report.violated).toEqual([]);
  expect(report.schedules).toBe(SEEDS);
  expect(report.applications / SEEDS).toBeGreaterThanOrEqual(30);
  const faults = Object.values(report.faults);
  expect(faults.reduce((sum, times) => sum + times, 0) / SEEDS).toBeGreaterThanOrEqual(5);
  expect(Math.min(...faults)).toBeGreaterThan(SEEDS / 100);
});
