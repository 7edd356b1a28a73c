/**
 * How wide a text is at most, in pixels. The reader's font is not known, so each kind of character
 * counts as wide as in the widest of the usual fonts (Verdana and DejaVu Sans among them).
 */
export function textWidth(text: string, size: number): number {
  let ems = 0;
  for (const character of text) ems += emsOf(character);
  return ems * size;
}

function emsOf(character: string): number {
  if (/[ᄀ-ᇿ\u3000-\u9fff가-힣＀-￯]/.test(character)) return 1;
  if (/[MWmw@%…—]/.test(character)) return 0.95;
  if (/[A-Z&]/.test(character)) return 0.72;
  if (/[ijl.,:;'|!()[\] ]/.test(character)) return 0.38;
  return 0.64;
}

/** Lines no wider than `width`, broken between words; a word that is wider than a line stands alone. */
export function wrapped(text: string, size: number, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && textWidth(longer, size) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}
