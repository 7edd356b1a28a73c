import { shown } from '../support/table.ts';
import { card, type Heading, label, MARGIN, WIDTH } from './card.ts';
import { labelColumn, type PlacedRow, placeRows, type RowLabel } from './row-labels.ts';
import { element } from './svg.ts';
import { textWidth, wrapped } from './text-width.ts';

interface PanelRow extends RowLabel {
  /** One for each panel. Everything above 0 is wrong; null: not measured. */
  readonly values: readonly (number | null)[];
}

export interface PanelChart extends Heading {
  readonly panels: readonly string[];
  readonly rows: readonly PanelRow[];
}

const THICK = 18;
const GAP = 16;
const HEAD = 14;

/** Several counts of the same rows beside each other, each panel with a scale of its own: 0 is what everybody wants to see. */
export function panelChart({ panels, rows, ...heading }: PanelChart): string {
  const column = labelColumn(rows, 215);
  const left = MARGIN + column;
  const width = (WIDTH - MARGIN - left - GAP * (panels.length - 1)) / panels.length;
  return card(heading, (top) => {
    const titles = panels.map((panel) => wrapped(panel, HEAD, width));
    const deepest = Math.max(...titles.map((lines) => lines.length));
    const start = top + 18 * deepest + 8;
    const placed = placeRows(rows, start, column);
    const bottom = placed.at(-1)?.bottom ?? start;
    const drawn = panels.flatMap((_, panel) => {
      const x = left + panel * (width + GAP);
      const lines = titles[panel] ?? [];
      return [
        ...lines.map((line, index) => label(line, x, start - 12 - 18 * (lines.length - 1 - index), 'strong')),
        element('line', { class: 'axis', x1: x, x2: x, y1: start, y2: bottom }),
        ...panelBars(rows, placed, panel, x, width),
      ];
    });
    const rules = placed.map(({ top: y }) =>
      element('line', { class: 'grid', x1: MARGIN, x2: WIDTH - MARGIN, y1: y, y2: y }),
    );
    return {
      drawn: [...placed.flatMap((row) => row.behind), ...rules, ...placed.flatMap((row) => row.drawn), ...drawn],
      bottom,
    };
  });
}

function panelBars(
  rows: readonly PanelRow[],
  placed: readonly PlacedRow[],
  panel: number,
  left: number,
  width: number,
): readonly string[] {
  const values = rows.map((row) => row.values[panel] ?? null);
  const most = Math.max(...values.map((value) => value ?? 0), 1);
  const room = width - Math.max(...values.map((value) => textWidth(written(value), 14))) - 10;
  return values.flatMap((value, index) => {
    const middle = placed[index]?.middle ?? 0;
    if (value === null) return [label('–', left + 10, middle + 5, 'zero')];
    if (value === 0) {
      const nought = element('circle', { class: 'nought', cx: left, cy: middle, r: 4 });
      return [nought, label('0', left + 10, middle + 5, rows[index]?.ours ? 'value ours' : 'zero')];
    }
    const length = Math.max(3, (value / most) * room);
    const bar = { class: 'wrong', x: left, y: middle - THICK / 2, width: length, height: THICK };
    return [element('rect', bar), label(written(value), left + length + 8, middle + 5, 'value')];
  });
}

const written = (value: number | null): string => (value === null ? '–' : shown(value));
