interface Series {
  readonly name: string;
  /** Of a colour and style in the stylesheet. */
  readonly style: string;
  /** By time; null: nothing is known there. */
  readonly values: readonly (number | null)[];
  readonly filled?: boolean;
}

export interface Chart {
  readonly title: string;
  readonly unit: string;
  /** Seconds, as many as each series has values. */
  readonly times: readonly number[];
  /** Where the scale of time ends: the same for all charts of a page. */
  readonly end: number;
  readonly series: readonly Series[];
}

const SIZE = 1_000;
const MOST_TOOLTIPS = 900;

/**
 * One chart. The drawing is stretched to the page, its words are not: they stay readable on a phone.
 */
export function htmlChart({ title, unit, times, series, end }: Chart): string {
  const known = series.flatMap(({ values }) => values.filter((value) => value !== null));
  if (known.length === 0) return `<figure><h2>${title}</h2><p class="empty">Nothing was seen.</p></figure>`;
  const ticks = ticksTo(known.reduce((most, value) => Math.max(most, value), 0));
  const top = ticks.at(-1) ?? 1;
  const x = (time: number) => round((time / end) * SIZE);
  const y = (value: number) => round(SIZE - (value / top) * SIZE);
  const grid = ticks.map((tick) => `<line class="grid" x1="0" x2="${SIZE}" y1="${y(tick)}" y2="${y(tick)}"/>`);
  const drawn = series.map((each) => draw(each, times, x, y));
  const yWords = ticks.map((tick) => `<span style="bottom:${round((tick / top) * 100)}%">${number(tick)}</span>`);
  const xWords = ticksTo(end, 5)
    .filter((tick) => tick <= end)
    .map((tick) => `<span style="left:${round((tick / end) * 100)}%">${number(tick)} s</span>`);
  const legend = series.map(
    ({ name, style, values }) =>
      `<li><i class="${style}"></i>${name} <b>${number(peak(values))}</b><small> at most</small></li>`,
  );
  return `<figure>
<h2>${title} <small>${unit}</small></h2>
<ul class="legend">${legend.join('')}</ul>
<div class="plot"><div class="y">${yWords.join('')}</div>
<svg viewBox="0 0 ${SIZE} ${SIZE}" preserveAspectRatio="none" role="img" aria-label="${title}, ${unit}, over ${number(end)} seconds">${grid.join('')}${drawn.join('')}${tooltips(times, series, x)}</svg>
<div class="x">${xWords.join('')}</div></div>
</figure>`;
}

function draw({ values, style, filled }: Series, times: readonly number[], x: Scale, y: Scale): string {
  const runs: string[][] = [[]];
  for (const [index, value] of values.entries()) {
    if (value === null) runs.push([]);
    else runs.at(-1)?.push(`${x(times[index] ?? 0)},${y(value)}`);
  }
  return runs
    .filter((points) => points.length > 0)
    .map((points) => {
      // A single point would be drawn as nothing.
      const line = points.length === 1 ? [...points, ...points] : points;
      const [from] = (line[0] ?? '').split(',');
      const [to] = (line.at(-1) ?? '').split(',');
      const area = `<polygon class="area ${style}" points="${from},${SIZE} ${line.join(' ')} ${to},${SIZE}"/>`;
      return `${filled === true ? area : ''}<polyline class="line ${style}" points="${line.join(' ')}"/>`;
    })
    .join('');
}

type Scale = (value: number) => number;

function tooltips(times: readonly number[], series: readonly Series[], x: Scale): string {
  if (times.length > MOST_TOOLTIPS) return '';
  const width = round(SIZE / times.length);
  return times
    .map((time, index) => {
      const words = series.map(({ name, values }) => `${name}: ${values[index] == null ? '–' : number(values[index])}`);
      const left = Math.max(0, Math.min(SIZE - width, x(time) - width / 2));
      return `<rect class="hover" x="${round(left)}" y="0" width="${width}" height="${SIZE}"><title>${number(time)} s\n${words.join('\n')}</title></rect>`;
    })
    .join('');
}

const peak = (values: readonly (number | null)[]): number =>
  values.reduce<number>((most, value) => Math.max(most, value ?? 0), 0);

/** From 0 to the first round number that is not below `most`. */
export function ticksTo(most: number, wanted = 4): readonly number[] {
  const rough = Math.max(most, 1e-3) / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((each) => each * power >= rough) ?? 10) * power;
  return Array.from({ length: Math.ceil(Math.max(most, 1e-3) / step - 1e-9) + 1 }, (_, index) => round(index * step));
}

const round = (value: number): number => Math.round(value * 1e3) / 1e3;
const number = (value: number): string =>
  value.toLocaleString('en-US', { maximumFractionDigits: value < 10 ? 2 : value < 100 ? 1 : 0 });
