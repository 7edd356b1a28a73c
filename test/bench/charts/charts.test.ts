import { describe, expect, it } from 'vitest';
import { barChart } from '../../../bench/charts/bar-chart.ts';
import { WIDTH } from '../../../bench/charts/card.ts';
import { panelChart } from '../../../bench/charts/panel-chart.ts';
import { rangeChart } from '../../../bench/charts/range-chart.ts';
import { drawnTexts, overlap } from './drawn-texts.ts';

const heading = { title: 'A & B', subtitle: 'Less < more', description: '“1” > 0', language: 'en' };
const LONG = 'An answer with a name so long that nobody would ever think of giving it to anything that is drawn';
const axis = { unit: 'ms', logarithmic: 'logarithmic' };

const rows = [0, 3, 41, 999, 12_345].map((value, index) => ({
  name: index === 2 ? LONG : `row ${index}`,
  ...(index === 3 && { note: LONG }),
  ours: index === 4,
  value,
}));
const bars = (values: readonly number[]): string =>
  barChart({ ...heading, ...axis, bars: values.map((value) => ({ name: `${value}`, ours: false, value })) });

const CHARTS = {
  'bars on a linear axis': bars([1, 2, 3]),
  'bars over orders of magnitude': barChart({ ...heading, title: LONG, subtitle: LONG, ...axis, bars: rows }),
  'bars with goals': barChart({
    ...heading,
    ...axis,
    bars: [0.4, 0.49, 0.5, 0.6, 1].map((value) => ({
      name: LONG,
      ours: true,
      value,
      goal: 0.5,
      figure: `${value} of 1`,
    })),
  }),
  panels: panelChart({
    ...heading,
    panels: ['coupons too many', 'left over', 'users with two', 'told yes, have none', 'told yes and no'],
    rows: rows.map(({ value, ...row }) => ({ ...row, values: [value, 0, 12_345, null, value] })),
  }),
  ranges: rangeChart({
    ...heading,
    ...axis,
    ends: ['p50: half of the answers took less', 'p99: 99 of 100 took less'],
    ranges: rows.map(({ value, ...row }) => ({ ...row, from: value / 10, to: value })),
  }),
};

describe.each(Object.entries(CHARTS))('a chart of %s', (_, svg) => {
  it('keeps every text inside the card and off every other text', () => {
    const texts = drawnTexts(svg);
    expect(texts.length).toBeGreaterThan(5);
    expect(texts.filter(({ left, right }) => left < 0 || right > WIDTH)).toEqual([]);
    const pairs = texts.flatMap((one, index) => texts.slice(index + 1).map((other) => [one, other] as const));
    expect(pairs.filter(([one, other]) => overlap(one, other)).map((pair) => pair.map(({ text }) => text))).toEqual([]);
  });

  it('is complete in itself, for light and for dark, and for who cannot see it', () => {
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" viewBox="0 0 820 \d+" width="820"/);
    expect(svg).toContain('role="img" aria-labelledby="title description" lang="en"');
    expect(svg).toContain('<desc id="description">“1” &gt; 0</desc>');
    expect(svg).not.toContain('Less < more');
    expect(svg).toContain('@media (prefers-color-scheme:dark)');
    expect(svg.replace('xmlns="http://www.w3.org/2000/svg"', '')).not.toMatch(
      /https?:|<script|href|url\(|NaN|undefined/,
    );
  });

  it('draws nothing with a size below zero', () => {
    expect([...svg.matchAll(/(?:width|height|r)="(-[\d.]+)"/g)]).toEqual([]);
  });
});

const widths = (svg: string): readonly number[] =>
  [...svg.matchAll(/<rect class="other"[^>]* width="([\d.]+)"/g)].map(([, width]) => Number(width));

describe('bars', () => {
  it('are as long as their values on a linear axis from zero', () => {
    const [one = 0, two = 0, four = 0] = widths(bars([10, 20, 40]));
    expect(two / one).toBeCloseTo(2, 1);
    expect(four / one).toBeCloseTo(4, 1);
    expect(bars([10, 20, 40])).not.toContain('logarithmic');
  });

  it('become dots on an axis that says it is logarithmic, where a bar would have no zero to start at', () => {
    const svg = bars([10, 20, 400]);
    expect(svg).toContain('ms (logarithmic)');
    expect(widths(svg)).toEqual([]);
    expect(svg.match(/<circle class="other"/g)).toHaveLength(3);
  });

  it('show a zero as a mark of its own with its figure', () => {
    for (const svg of [bars([0, 1, 2]), bars([0, 1, 200]), bars([0, 0])]) {
      expect(svg).toContain('<circle class="nought"');
      expect(svg).toContain('class="value zero">0</text>');
    }
  });

  it('write a figure right of a goal that would cross it', () => {
    const bar = { name: 'accepted', ours: true, value: 0.47, goal: 0.5 };
    const svg = barChart({ ...heading, ...axis, bars: [bar, { ...bar, value: 1 }] });
    const goal = Number(/class="goal" x1="([\d.]+)"/.exec(svg)?.[1]);
    const [figure] = drawnTexts(svg).filter(({ text }) => text === '0.47');
    expect(figure?.left).toBeGreaterThan(goal);
  });
});

describe('ranges', () => {
  it('end before their figures begin', () => {
    const dots = [...CHARTS.ranges.matchAll(/<circle [^>]*cx="([\d.]+)"[^>]*r="([\d.]+)"/g)];
    const furthest = Math.max(...dots.map(([, x, r]) => Number(x) + Number(r)));
    const figures = drawnTexts(CHARTS.ranges).filter(({ text }) => text.includes(' – '));
    expect(figures).toHaveLength(rows.length);
    expect(Math.min(...figures.map(({ left }) => left))).toBeGreaterThan(furthest);
  });
});
