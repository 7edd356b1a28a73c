import { barChart } from '../charts/bar-chart.ts';
import { panelChart } from '../charts/panel-chart.ts';
import { rangeChart } from '../charts/range-chart.ts';
import type { RowLabel } from '../charts/row-labels.ts';
import type { Row, Section } from '../strategies/laboratory/result.ts';
import { shown } from '../support/table.ts';
import { stoppedText } from './strategy-parts.ts';
import type { Language, Words } from './words/words.ts';

const OURS = 'this-service';
const PANELS = ['oversold', 'undersold', 'usersWithTwo', 'toldNotIssued', 'toldBoth'] as const;

/** What went wrong in a section. */
export function correctnessChart({ name, rows }: Section, words: Words, language: Language): string {
  const said = rows.map((row) => `${words.titleOf(row)}: ${PANELS.map((panel) => shown(row[panel])).join(', ')}`);
  const panels = PANELS.map((panel) => words.panels[panel]);
  return panelChart({
    ...words.correctness[name],
    language,
    description: `${panels.join(', ')}. ${said.join('. ')}.`,
    panels,
    rows: rows.map((row) => ({ ...labelOf(row, words), values: PANELS.map((panel) => row[panel]) })),
  });
}

export function speedChart({ rows }: Section, words: Words, language: Language): string {
  const said = rows.map((row) => `${words.titleOf(row)}: ${shown(row.requestsPerSecond)}`);
  return barChart({
    ...words.rate,
    language,
    logarithmic: words.logarithmic,
    description: `${words.rate.unit}. ${said.join('. ')}.`,
    bars: rows.map((row) => ({ ...labelOf(row, words), value: row.requestsPerSecond })),
  });
}

export function latencyChart({ rows }: Section, words: Words, language: Language): string {
  const said = rows.map((row) => `${words.titleOf(row)}: ${shown(row.p50)}, ${shown(row.p99)}`);
  return rangeChart({
    ...words.latency,
    language,
    logarithmic: words.logarithmic,
    description: `p50, p99, ${words.latency.unit}. ${said.join('. ')}.`,
    ranges: rows.map((row) => ({ ...labelOf(row, words), from: row.p50, to: row.p99 })),
  });
}

function labelOf(row: Row, words: Words): RowLabel {
  const note = stoppedText(row, words);
  return { name: words.titleOf(row), ...(note !== null && { note }), ours: row.strategy === OURS };
}
