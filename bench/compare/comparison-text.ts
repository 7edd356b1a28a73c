import { type Column, markdownTable } from '../documents/markdown-table.ts';
import type { FigureResult, Results } from '../support/results.ts';
import { shown } from '../support/table.ts';
import type { Comparison, FigureComparison } from './compare-results.ts';

export const RULE = `B / A is the ratio of the medians, and beside it the range in which the ratio lies with 99 % confidence, computed of
the rounds by the exact rank-sum test (Wilcoxon, Mann and Whitney). A difference counts where that range leaves out 1.
With five rounds on both sides that is where the rounds of A and of B do not overlap; with fewer nothing can be told,
nor of what was measured once.
Rounds know the noise within one run. What differs from run to run (a neighbour, a warm machine) they do not know:
repeat both runs before you believe a few per cent.`;

const COLUMNS: readonly Column[] = [
  { head: 'figure' },
  { head: 'unit' },
  { head: 'A', align: 'right' },
  { head: 'B', align: 'right' },
  { head: 'B / A', align: 'right' },
  { head: '99 %', align: 'right' },
  { head: 'B is' },
];

/** What `npm run bench:compare` prints. */
export function comparisonText(before: Results, after: Results, comparison: Comparison): string {
  const { figures, onlyBefore, onlyAfter, warnings } = comparison;
  const sections = [
    [headOf('A', before), headOf('B', after)].join('\n'),
    warnings.map((warning) => `WARNING ${warning}`).join('\n'),
    figures.length === 0 ? 'No figure is in both files.' : markdownTable(COLUMNS, figures.map(rowOf)),
    listOf('Only in A', onlyBefore),
    listOf('Only in B', onlyAfter),
    RULE,
  ];
  return sections.filter((section) => section !== '').join('\n\n');
}

const headOf = (side: string, { date, commit, rounds, quick }: Results): string =>
  `${side}: ${date}, commit ${commit}, rounds: ${rounds}${quick ? ', quick' : ''}`;

function rowOf({ before, after, ratio, interval, verdict }: FigureComparison): readonly string[] {
  return [
    `${after.suite}: ${after.title}`,
    before.unit === after.unit ? after.unit : `${before.unit}, ${after.unit}`,
    shown(before.median),
    shown(after.median),
    ratio === null ? '–' : ratio.toFixed(3),
    interval === null ? '–' : `${interval.low.toFixed(3)} – ${interval.high.toFixed(3)}`,
    verdict,
  ];
}

function listOf(title: string, figures: readonly FigureResult[]): string {
  if (figures.length === 0) return '';
  return [`${title}:`, ...figures.map(({ suite, title: name }) => `  ${suite}: ${name}`)].join('\n');
}
