import { textWidth } from '../../../bench/charts/text-width.ts';

interface DrawnText {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const TEXT = /<text x="([\d.-]+)" y="([\d.-]+)" class="([^"]*)"(?: text-anchor="(\w+)")?>([^<]*)<\/text>/g;
const SIZES: Readonly<Record<string, number>> = { title: 18, note: 12.5, tick: 12.5 };

/** Every text of a chart, with the room that it takes at most. */
export function drawnTexts(svg: string): readonly DrawnText[] {
  return [...svg.matchAll(TEXT)].map(([, x, y, style = '', anchor = 'start', markup = '']) => {
    const text = markup.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
    const size = SIZES[style] ?? 14;
    const width = textWidth(text, size);
    const left = Number(x) - { start: 0, middle: width / 2, end: width }[anchor as 'start' | 'middle' | 'end'];
    return { text, left, right: left + width, top: Number(y) - 0.75 * size, bottom: Number(y) + 0.2 * size };
  });
}

export const overlap = (one: DrawnText, other: DrawnText): boolean =>
  one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
