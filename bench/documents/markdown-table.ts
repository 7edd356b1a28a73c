type Alignment = 'left' | 'right';
export interface Column {
  readonly head: string;
  readonly align?: Alignment;
}

/** A Markdown table that is a table in a terminal and an editor as well. */
export function markdownTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const cells = [columns.map(({ head }) => head), ...rows].map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = columns.map((_, index) => Math.max(3, ...cells.map((row) => displayWidth(row[index] ?? ''))));
  const line = (row: readonly string[]): string =>
    `| ${columns.map(({ align }, index) => padded(row[index] ?? '', widths[index] ?? 0, align)).join(' | ')} |`;
  const rule = `|${columns.map(({ align }, index) => `${'-'.repeat((widths[index] ?? 0) + 1)}${align === 'right' ? ':' : '-'}`).join('|')}|`;
  const [head = [], ...body] = cells;
  return [line(head), rule, ...body.map(line)].join('\n');
}

function padded(text: string, width: number, align: Alignment = 'left'): string {
  const air = ' '.repeat(Math.max(0, width - displayWidth(text)));
  return align === 'left' ? `${text}${air}` : `${air}${text}`;
}

/** Hangul takes two columns of a fixed-width font. */
const displayWidth = (text: string): number =>
  [...text].reduce((width, character) => width + (/[ᄀ-ᇿ\u3000-\u9fff가-힣＀-￯]/.test(character) ? 2 : 1), 0);
