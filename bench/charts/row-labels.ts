import { label, MARGIN, WIDTH } from './card.ts';
import { element } from './svg.ts';
import { textWidth, wrapped } from './text-width.ts';

/** What a row is called: on the left of whatever is drawn for it. */
export interface RowLabel {
  readonly name: string;
  readonly note?: string;
  /** The one that the chart is about. */
  readonly ours: boolean;
}

export interface PlacedRow {
  readonly top: number;
  readonly middle: number;
  readonly bottom: number;
  /** Goes below everything else. */
  readonly behind: readonly string[];
  readonly drawn: readonly string[];
}

const LINE = 18;
const AIR = 16;

/** Wide enough for the longest name, but at most `most`, so that room is left for the drawing. */
export function labelColumn(rows: readonly RowLabel[], most = 290): number {
  const widest = rows.map(({ name, note = '' }) => Math.max(textWidth(name, 14), textWidth(note, 12.5)));
  return Math.min(most, Math.max(...widest)) + 20;
}

/** Rows below each other, each as high as its words need: long names wrap, and never reach into the drawing or a neighbour. */
export function placeRows(rows: readonly RowLabel[], top: number, column: number): readonly PlacedRow[] {
  let y = top;
  return rows.map(({ name, note, ours }) => {
    const lines = wrapped(name, 14, column - 20).map((text) => ({ text, style: ours ? 'strong' : 'plain' }));
    const notes = note === undefined ? [] : wrapped(note, 12.5, column - 20).map((text) => ({ text, style: 'note' }));
    const all = [...lines, ...notes];
    const height = all.length * LINE + AIR;
    const first = y + AIR / 2 + 13;
    const drawn = all.map(({ text, style }, index) => label(text, MARGIN, first + index * LINE, style));
    const placed = { top: y, middle: y + height / 2, bottom: y + height, behind: ours ? [band(y, height)] : [], drawn };
    y += height;
    return placed;
  });
}

function band(top: number, height: number): string {
  const aside = MARGIN - 10;
  return element('rect', { class: 'band', x: aside, y: top + 1, width: WIDTH - 2 * aside, height: height - 2, rx: 6 });
}
