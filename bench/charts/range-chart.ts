import { shown } from '../support/table.ts';
import { AXIS_HEIGHT, axis } from './axis.ts';
import { card, type Heading, label, MARGIN, WIDTH } from './card.ts';
import { labelColumn, placeRows, type RowLabel } from './row-labels.ts';
import { scaleFor } from './scale.ts';
import { element } from './svg.ts';
import { textWidth } from './text-width.ts';

interface Range extends RowLabel {
  readonly from: number;
  readonly to: number;
}

export interface RangeChart extends Heading {
  readonly unit: string;
  /** Said below the axis where it is logarithmic. */
  readonly logarithmic: string;
  /** What the hollow and the full dot stand for. */
  readonly ends: readonly [from: string, to: string];
  readonly ranges: readonly Range[];
}

/** From one value to a higher one, a row each. */
export function rangeChart({ ranges, unit, logarithmic, ends, ...heading }: RangeChart): string {
  const scale = scaleFor(ranges.flatMap(({ from, to }) => [from, to]));
  const column = labelColumn(ranges);
  const written = ({ from, to }: Range): string => `${shown(from)} – ${shown(to)}`;
  const room = Math.max(...ranges.map((range) => textWidth(written(range), 14))) + 20;
  const left = MARGIN + column;
  const width = WIDTH - MARGIN - room - left;
  return card(heading, (top) => {
    const start = top + 26;
    const rows = placeRows(ranges, start, column);
    const bottom = rows.at(-1)?.bottom ?? start;
    const said = scale.kind === 'logarithmic' ? `${unit} (${logarithmic})` : unit;
    const x = (value: number): number => left + scale.at(value) * width;
    const drawn = ranges.flatMap((range, index) => {
      const { middle, drawn: words } = rows[index] ?? { middle: 0, drawn: [] };
      const style = range.ours ? 'ours' : 'other';
      return [
        ...words,
        element('line', { class: `range ${style}`, x1: x(range.from), x2: x(range.to), y1: middle, y2: middle }),
        element('circle', { class: `hollow ${style}`, cx: x(range.from), cy: middle, r: 5 }),
        element('circle', { class: style, cx: x(range.to), cy: middle, r: 6.5 }),
        label(written(range), WIDTH - MARGIN, middle + 5, range.ours ? 'value ours' : 'value', 'end'),
      ];
    });
    return {
      drawn: [
        ...rows.flatMap((row) => row.behind),
        ...key(ends, MARGIN, top + 8),
        ...axis(scale, { left, width, top: start, bottom }, said),
        ...drawn,
      ],
      bottom: bottom + AXIS_HEIGHT,
    };
  });
}

function key([from, to]: readonly [string, string], left: number, y: number): readonly string[] {
  const second = left + 20 + textWidth(from, 12.5) + 24;
  return [
    element('circle', { class: 'hollow other', cx: left + 5, cy: y - 4, r: 5 }),
    label(from, left + 18, y, 'note'),
    element('circle', { class: 'other', cx: second, cy: y - 4, r: 6.5 }),
    label(to, second + 13, y, 'note'),
  ];
}
