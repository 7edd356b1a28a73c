import { element, words } from './svg.ts';
import { wrapped } from './text-width.ts';

/** The width of GitHub's column, in which nothing is scaled down. */
export const WIDTH = 820;
export const MARGIN = 24;

export interface Heading {
  readonly title: string;
  /** What is shown, in which unit, and which way is better. */
  readonly subtitle: string;
  /** Read aloud instead of the picture: what it says, figures included. */
  readonly description: string;
  readonly language: string;
}

/** Draws everything below the heading, from `top` on; `bottom` is where it ended. */
export type Content = (top: number) => { readonly drawn: readonly string[]; readonly bottom: number };

/**
 * A picture that stands alone: no script, no font or style from elsewhere. It brings its own background,
 * because the page around it may be light while the reader's system is dark, or the other way round.
 */
export function card({ title, subtitle, description, language }: Heading, content: Content): string {
  const room = WIDTH - 2 * MARGIN;
  const titleLines = wrapped(title, 18, room);
  const subtitleLines = wrapped(subtitle, 14, room);
  const heading = [
    ...titleLines.map((line, index) => label(line, MARGIN, 38 + 24 * index, 'title')),
    ...subtitleLines.map((line, index) => label(line, MARGIN, 38 + 24 * titleLines.length + 20 * index, 'subtitle')),
  ];
  const { drawn, bottom } = content(38 + 24 * titleLines.length + 20 * subtitleLines.length);
  const height = Math.ceil(bottom + MARGIN);
  return `${element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${WIDTH} ${height}`,
      width: WIDTH,
      height,
      role: 'img',
      'aria-labelledby': 'title description',
      lang: language,
    },
    '\n',
    `${element('title', { id: 'title' }, words(title))}\n`,
    `${element('desc', { id: 'description' }, words(description))}\n`,
    `${element('style', {}, STYLE)}\n`,
    `${element('rect', { class: 'card', x: 0.5, y: 0.5, width: WIDTH - 1, height: height - 1, rx: 10 })}\n`,
    `${[...heading, ...drawn].join('\n')}\n`,
  )}\n`;
}

/** `y` is the line the letters stand on. */
export function label(text: string, x: number, y: number, style: string, anchor = 'start'): string {
  return element('text', { x, y, class: style, ...(anchor === 'start' ? {} : { 'text-anchor': anchor }) }, words(text));
}

/**
 * Blue and vermillion of Okabe and Ito, lighter on dark: told apart with any colour vision, and against grey by
 * lightness as well. Words keep a contrast of 4.5 to 1 against the card, shapes 3 to 1.
 */
const STYLE = `
text{font:14px system-ui,-apple-system,"Segoe UI",Roboto,"Apple SD Gothic Neo","Malgun Gothic","Noto Sans KR",sans-serif;fill:var(--ink);font-variant-numeric:tabular-nums}
.title{font-size:18px;font-weight:650}.subtitle,.note,.tick,.unit{fill:var(--quiet)}.note,.tick{font-size:12.5px}
.strong{font-weight:650}.value{font-weight:600;paint-order:stroke;stroke:var(--card);stroke-width:5px;stroke-linejoin:round}.value.ours{fill:var(--ink);stroke:var(--band)}.zero{fill:var(--quiet)}
.card{fill:var(--card);stroke:var(--rule)}.band{fill:var(--band)}.guide{stroke:var(--rule);stroke-width:2}.grid{stroke:var(--rule)}.axis{stroke:var(--axis);stroke-width:1.5}
.ours{fill:var(--ours)}.other{fill:var(--other)}.wrong{fill:var(--wrong)}
.range{stroke-width:6;stroke-linecap:round;opacity:.45}.range.ours{stroke:var(--ours)}.range.other{stroke:var(--other)}
.hollow{fill:var(--card);stroke-width:2.5}.hollow.ours{stroke:var(--ours)}.hollow.other{stroke:var(--other)}
.nought{fill:var(--card);stroke:var(--axis);stroke-width:1.5}.goal{stroke:var(--ink);stroke-width:2}
svg{--card:#fff;--band:#e6f1f7;--ink:#1b222b;--quiet:#566170;--rule:#dfe4ea;--axis:#7b8794;--ours:#0072b2;--other:#8b95a1;--wrong:#c94f00}
@media (prefers-color-scheme:dark){svg{--card:#161b22;--band:#1b2a36;--ink:#e8ecf1;--quiet:#a3aebb;--rule:#2d3540;--axis:#8893a0;--ours:#56b4e9;--other:#77828f;--wrong:#ff9152}}
`;
