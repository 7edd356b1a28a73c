import { isMet } from '../support/figures.ts';
import type { FigureResult, Results } from '../support/results.ts';
import { shown } from '../support/table.ts';
import { type Column, markdownTable } from './markdown-table.ts';
import { benchCommand, originOf, packagesOf } from './origin.ts';
import type { Words } from './words/words.ts';

export const BENCH_PARTS = ['bench-goals', 'bench-headline', 'bench-machine'] as const;

/** The parts that are made of a result of `npm run bench`. `charts`: where the document finds the pictures. */
export function benchParts(results: Results, words: Words): Readonly<Record<(typeof BENCH_PARTS)[number], string>> {
  const { headline } = words;
  return {
    'bench-goals': goals(results, words),
    'bench-headline': `${figureTable(
      Object.entries(headline.titles).map(([key, title]) => ({ ...figureOf(results, key), title })),
      words,
    )}\n\n${originOf(benchCommand(results), results, words)}`,
    'bench-machine': `${originOf(benchCommand(results), results, words)} ${results.machine.pinning}. ${packagesOf(results.versions)}.`,
  };
}

/** @throws Error where the figure was not measured */
export function figureOf({ figures }: Results, key: string): FigureResult {
  const found = figures.find(({ suite, name }) => `${suite}/${name}` === key);
  if (found === undefined)
    throw new Error(`the figure ${key} is not in the results of npm run bench: was every suite run?`);
  return found;
}

function goals({ figures }: Results, words: Words): string {
  const reported = figures.filter(({ goal }) => goal === null);
  const suites = [...new Set(reported.map(({ suite }) => suite))];
  return [
    figureTable(
      figures.filter(({ goal }) => goal !== null),
      words,
    ),
    `${words.reported}:`,
    ...suites.map((suite) => {
      const own = reported.filter((figure) => figure.suite === suite);
      return `\`${suite}\`\n\n${figureTable(own, words)}`;
    }),
  ].join('\n\n');
}

/** The columns of goals only where there are any. */
function figureTable(figures: readonly FigureResult[], words: Words): string {
  const { headline: heads, ratioUnit } = words;
  const hasGoals = figures.some(({ goal }) => goal !== null);
  const columns: Column[] = [
    { head: heads.figure },
    { head: heads.median, align: 'right' },
    { head: heads.spread, align: 'right' },
  ];
  if (hasGoals) columns.push({ head: heads.goal, align: 'right' }, { head: heads.isMet });
  const rows = figures.map(({ title, unit, median, lowest, highest, goal }) => {
    const said = unit === 'ratio' ? ratioUnit : unit;
    const met = isMet(goal, median);
    return [
      title,
      `${shown(median)} ${said}`,
      `${shown(lowest)} – ${shown(highest)}`,
      ...(hasGoals ? [goalText(goal, said), met === null ? '–' : met ? heads.yes : heads.no] : []),
    ];
  });
  return markdownTable(columns, rows);
}

function goalText(goal: FigureResult['goal'], unit: string): string {
  if (goal === null) return '–';
  return 'atLeast' in goal ? `≥ ${shown(goal.atLeast)} ${unit}` : `≤ ${shown(goal.atMost)} ${unit}`;
}
