import { describe, expect, it } from 'vitest';
import { compareResults, isHigherBetter } from '../../../bench/compare/compare-results.ts';
import type { FigureResult } from '../../../bench/support/results.ts';
import { figureWith, resultsWith } from '../results.ts';

const LOW = [100, 101, 102, 103, 104];
const HIGH = [110, 111, 112, 113, 114];
const OVERLAPPING = [104, 105, 106, 107, 108];

const compared = (before: FigureResult, after: FigureResult) =>
  compareResults(resultsWith([before]), resultsWith([after])).figures[0];

const verdict = (before: readonly number[], after: readonly number[], other: Partial<FigureResult> = {}) =>
  compared(figureWith(before, other), figureWith(after, other))?.verdict;

describe('two results', () => {
  it('give the ratio of the medians, after by before, and where it lies', () => {
    expect(compared(figureWith([100, 100, 100, 100, 200]), figureWith([120, 130, 130, 130, 140]))).toMatchObject({
      ratio: 1.3,
      interval: { low: 0.6, high: 1.4 },
    });
  });

  it('differ only beyond the noise of their rounds', () => {
    expect(verdict(LOW, HIGH)).toBe('better');
    expect(verdict(HIGH, LOW)).toBe('worse');
    expect(verdict(LOW, OVERLAPPING)).toBe('no difference');
    expect(verdict(LOW, LOW)).toBe('no difference');
  });

  it('are not called different after a few rounds, however far apart', () => {
    expect(verdict([1, 1, 1], [1_000, 1_000, 1_000])).toBe('too few rounds');
  });

  it('are not called different by a figure that was measured once and repeated in every round', () => {
    expect(verdict([97, 97, 97, 97, 97], [120, 120, 120, 120, 120], { unit: 'B' })).toBe('too few rounds');
  });

  it.each(['ms', 'µs', 's', 'B', 'MiB'])('are better where a figure in %s is lower', (unit) => {
    expect(verdict(HIGH, LOW, { unit })).toBe('better');
    expect(verdict(LOW, HIGH, { unit })).toBe('worse');
  });

  it('are better towards the goal, whatever the unit', () => {
    expect(verdict(LOW, HIGH, { unit: 'ratio', goal: { atLeast: 1 } })).toBe('better');
    expect(verdict(LOW, HIGH, { unit: 'ratio', goal: { atMost: 1 } })).toBe('worse');
    expect(isHigherBetter({ unit: 'ms', goal: { atLeast: 1 } })).toBe(true);
  });

  it('are only different where nothing says which way is better', () => {
    expect(verdict(LOW, HIGH, { unit: 'ratio' })).toBe('different');
    expect(verdict(LOW, HIGH, { unit: 'cores' })).toBe('different');
  });

  it('are compared at and below zero, where a ratio has no meaning', () => {
    const growth = compared(
      figureWith([1, 2, 3, 4, 5], { unit: 'MiB' }),
      figureWith([-5, -4, -3, -2, 0], { unit: 'MiB' }),
    );
    expect(growth).toMatchObject({ ratio: null, interval: null, verdict: 'better' });
  });

  it('are not compared where the unit has changed', () => {
    expect(compared(figureWith(LOW, { unit: 'ms' }), figureWith(HIGH, { unit: 's' }))?.verdict).toBe('another unit');
  });

  it('list what only one of them has, by suite and name', () => {
    const here = figureWith(LOW, { suite: 'api', name: 'rate' });
    const there = figureWith(LOW, { suite: 'latency', name: 'rate' });
    const { figures, onlyBefore, onlyAfter } = compareResults(resultsWith([here]), resultsWith([there]));
    expect({ figures, onlyBefore, onlyAfter }).toEqual({ figures: [], onlyBefore: [here], onlyAfter: [there] });
  });

  it('warn of nothing where only the code differs', () => {
    expect(
      compareResults(resultsWith([]), resultsWith([], { commit: 'def', date: '2027-01-01T00:00:00Z' })),
    ).toMatchObject({ warnings: [] });
  });

  it('warn of another machine, other versions, quick runs and suites that failed', () => {
    const before = resultsWith([], { failures: [{ suite: 'latency', error: 'ended\nat main' }] });
    const machine = { ...before.machine, cores: 8, pinning: 'all on core 0' };
    const after = resultsWith([], { quick: true, machine, versions: { node: '26.10.0', redis: '7.0.15' } });
    expect(compareResults(before, after).warnings).toEqual([
      'a quick run shows that everything works, not how fast: short rounds on small data',
      'quick: A has false, B has true',
      'machine, cores: A has 2, B has 8',
      'machine, pinning: A has nothing pinned, B has all on core 0',
      'version of node: A has 24.21.0, B has 26.10.0',
      'version of koa: A has 3.3.0, B has none',
      'A: the suite latency failed (ended)',
    ]);
  });
});
