import { shown } from '../support/table.ts';
import { AXIS_HEIGHT, axis } from './axis.ts';
import { card, type Heading, label, MARGIN, WIDTH } from './card.ts';
import { labelColumn, type PlacedRow, placeRows, type RowLabel } from './row-labels.ts';
import { type Scale, scaleFor } from './scale.ts';
import { element } from './svg.ts';
import { textWidth } from './text-width.ts';

export interface Bar extends RowLabel {
  readonly value: number;
  /** How the value is written beside its bar, unless as a plain number. */
  readonly figure?: string;
  /** A line that the bar has to reach. */
  readonly goal?: number;
}

export interface BarChart extends Heading {
  readonly unit: string;
  /** Said below the axis where it is logarithmic. */
  readonly logarithmic: string;
  readonly bars: readonly Bar[];
}

const THICK = 18;

/**
 * One bar a row. On a logarithmic axis there is no zero for a bar to start at, and its length would say nothing:
 * there a dot stands at the value.
 */
export function barChart({ bars, unit, logarithmic, ...heading }: BarChart): string {
  const scale = scaleFor(bars.flatMap(({ value, goal }) => (goal === undefined ? [value] : [value, goal])));
  const column = labelColumn(bars);
  const left = MARGIN + column;
  const room = Math.max(...bars.map((bar) => textWidth(written(bar), 14))) + 16;
  const width = WIDTH - MARGIN - room - left;
  return card(heading, (top) => {
    const rows = placeRows(bars, top + 4, column);
    const bottom = rows.at(-1)?.bottom ?? top;
    const said = scale.kind === 'logarithmic' ? `${unit} (${logarithmic})` : unit;
    const drawn = bars.flatMap((bar, index) => {
      const row = rows[index];
      return row === undefined ? [] : [...row.drawn, ...drawBar(bar, row, { scale, left, width })];
    });
    return {
      drawn: [
        ...rows.flatMap((row) => row.behind),
        ...axis(scale, { left, width, top: top + 4, bottom }, said),
        ...drawn,
      ],
      bottom: bottom + AXIS_HEIGHT,
    };
  });
}

interface Plot {
  readonly scale: Scale;
  readonly left: number;
  readonly width: number;
}

const written = ({ value, figure = shown(value) }: Bar): string => figure;

function drawBar(bar: Bar, { middle }: PlacedRow, plot: Plot): readonly string[] {
  const { value, goal } = bar;
  const x = (at: number): number => plot.left + plot.scale.at(at) * plot.width;
  const mark = goal === undefined ? null : x(goal);
  return [
    ...shapeOf(bar, x(value), middle, plot),
    ...(mark === null
      ? []
      : [element('line', { class: 'goal', x1: mark, x2: mark, y1: middle - 15, y2: middle + 15 })]),
    label(written(bar), besideOf(bar, x(value), mark), middle + 5, styleOf(bar)),
  ];
}

function shapeOf({ value, ours }: Bar, end: number, middle: number, { left, scale }: Plot): readonly string[] {
  const style = ours ? 'ours' : 'other';
  if (value === 0) return [element('circle', { class: 'nought', cx: end, cy: middle, r: 4 })];
  if (scale.kind === 'logarithmic')
    return [
      element('line', { class: 'guide', x1: left, x2: end, y1: middle, y2: middle }),
      element('circle', { class: style, cx: end, cy: middle, r: 7 }),
    ];
  const shape = { x: left, y: middle - THICK / 2, width: Math.max(2, end - left), height: THICK };
  return [element('rect', { class: style, ...shape })];
}

/** Where the figure begins: right of the bar, and of the goal where that would cross it. */
function besideOf(bar: Bar, end: number, mark: number | null): number {
  const start = end + 10;
  const crosses = mark !== null && mark > start - 6 && mark < start + textWidth(written(bar), 14);
  return crosses ? mark + 8 : start;
}

const styleOf = ({ value, ours }: Bar): string => (value === 0 ? 'value zero' : ours ? 'value ours' : 'value');
