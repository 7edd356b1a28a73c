import type { FigureResult, Results } from '../support/results.ts';
import { type Interval, shiftInterval } from './shift-interval.ts';

type Verdict = 'better' | 'worse' | 'different' | 'no difference' | 'too few rounds' | 'another unit';

export interface FigureComparison {
  readonly before: FigureResult;
  readonly after: FigureResult;
  /** After by before; null where a median is not above zero. */
  readonly ratio: number | null;
  /** Of that ratio. */
  readonly interval: Interval | null;
  readonly verdict: Verdict;
}

export interface Comparison {
  readonly figures: readonly FigureComparison[];
  readonly onlyBefore: readonly FigureResult[];
  readonly onlyAfter: readonly FigureResult[];
  /** Why the two runs may differ whatever the code does. */
  readonly warnings: readonly string[];
}

/** Figures are the same by suite and name. */
export function compareResults(before: Results, after: Results): Comparison {
  const old = new Map(before.figures.map((figure) => [keyOf(figure), figure]));
  const now = new Map(after.figures.map((figure) => [keyOf(figure), figure]));
  return {
    figures: after.figures.flatMap((figure) => {
      const other = old.get(keyOf(figure));
      return other === undefined ? [] : [compareFigure(other, figure)];
    }),
    onlyBefore: before.figures.filter((figure) => !now.has(keyOf(figure))),
    onlyAfter: after.figures.filter((figure) => !old.has(keyOf(figure))),
    warnings: [...differencesOf(before, after), ...failuresOf('A', before), ...failuresOf('B', after)],
  };
}

const keyOf = ({ suite, name }: FigureResult): string => `${suite}/${name}`;

function compareFigure(before: FigureResult, after: FigureResult): FigureComparison {
  const positive = [before.median, after.median, ...before.rounds, ...after.rounds].every((value) => value > 0);
  const ratio = positive ? after.median / before.median : null;
  const interval = positive ? shiftInterval(roundsOf(before), roundsOf(after), (a, b) => b / a) : null;
  return { before, after, ratio, interval, verdict: verdictOn(before, after) };
}

function verdictOn(before: FigureResult, after: FigureResult): Verdict {
  if (before.unit !== after.unit) return 'another unit';
  // Differences decide, as they have a meaning at and below zero; above it ratios say the same.
  const shift = shiftInterval(roundsOf(before), roundsOf(after), (a, b) => b - a);
  if (shift === null) return 'too few rounds';
  if (shift.low <= 0 && shift.high >= 0) return 'no difference';
  const higher = isHigherBetter(after);
  if (higher === null) return 'different';
  return shift.low > 0 === higher ? 'better' : 'worse';
}

/** Some figures are measured once, and every round repeats them: that is one value, however often it is written. */
const roundsOf = ({ rounds }: FigureResult): readonly number[] =>
  new Set(rounds).size === 1 ? rounds.slice(0, 1) : rounds;

const LOWER_IS_BETTER: readonly string[] = ['ms', 'µs', 's', 'B', 'MiB'];

/** By the goal, else by the unit; a ratio without a goal says nothing. */
export function isHigherBetter({ goal, unit }: Pick<FigureResult, 'goal' | 'unit'>): boolean | null {
  if (goal !== null) return 'atLeast' in goal;
  if (unit === '1/s') return true;
  return LOWER_IS_BETTER.includes(unit) ? false : null;
}

function differencesOf(before: Results, after: Results): readonly string[] {
  const warnings: string[] = [];
  const differ = (what: string, a: unknown, b: unknown): void => {
    if (a !== b) warnings.push(`${what}: A has ${String(a)}, B has ${String(b)}`);
  };
  if (before.quick || after.quick)
    warnings.push('a quick run shows that everything works, not how fast: short rounds on small data');
  differ('quick', before.quick, after.quick);
  for (const part of ['cpu', 'cores', 'memoryGiB', 'kernel', 'pinning'] as const)
    differ(`machine, ${part}`, before.machine[part], after.machine[part]);
  for (const name of new Set([...Object.keys(before.versions), ...Object.keys(after.versions)]))
    differ(`version of ${name}`, before.versions[name] ?? 'none', after.versions[name] ?? 'none');
  return warnings;
}

const failuresOf = (side: string, { failures }: Results): readonly string[] =>
  failures.map(({ suite, error }) => `${side}: the suite ${suite} failed (${error.split('\n')[0]})`);
