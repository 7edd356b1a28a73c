import type { Goal } from '../suite.ts';
import { isMet } from './figures.ts';
import type { FigureResult } from './results.ts';

const HEADER = ['', 'median', 'lowest – highest', 'unit', 'goal', ''] as const;

/** Lines of a table for a terminal. */
export function tableOf(figures: readonly FigureResult[]): readonly string[] {
  const rows = [HEADER, ...figures.map(rowOf)];
  const widths = HEADER.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((text, column) =>
        isNumeric(column) ? text.padStart(widths[column] ?? 0) : text.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}

const isNumeric = (column: number): boolean => column === 1 || column === 2;

function rowOf({ title, median, lowest, highest, unit, goal }: FigureResult): readonly string[] {
  const met = isMet(goal, median);
  const verdict = met === null ? '' : met ? 'met' : 'NOT MET';
  return [title, shown(median), `${shown(lowest)} – ${shown(highest)}`, unit, goalText(goal), verdict];
}

/** Three digits that count, and no more decimals than that; large numbers in full. */
export const shown = (value: number): string =>
  value.toLocaleString('en', {
    maximumFractionDigits: Math.min(20, Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value) || 1)))),
  });

function goalText(goal: Goal | null): string {
  if (goal === null) return '';
  return 'atLeast' in goal ? `≥ ${shown(goal.atLeast)}` : `≤ ${shown(goal.atMost)}`;
}
