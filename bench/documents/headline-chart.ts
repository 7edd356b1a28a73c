import { type Bar, barChart } from '../charts/bar-chart.ts';
import type { FigureResult, Results } from '../support/results.ts';
import { shown } from '../support/table.ts';
import { figureOf } from './bench-parts.ts';
import type { Language, Words } from './words/words.ts';

/** The service between the bare framework and nothing at all, as shares of the framework. */
export function headlineChart(results: Results, { headline, logarithmic }: Words, language: Language): string {
  const { bars: names, ...heading } = headline;
  const rate = (key: string): string => `${shown(figureOf(results, key).median)}/s`;
  const bar = (name: string, value: number, of: string, more: Pick<Bar, 'ours' | 'goal'>): Bar => ({
    name,
    value,
    figure: `${value.toFixed(2)} (${rate(of)})`,
    ...more,
  });
  const ours = (key: string): Pick<Bar, 'ours' | 'goal'> => ({ ours: true, ...goalOf(figureOf(results, key)) });
  const share = (key: string): number => figureOf(results, key).median;
  const bars = [
    bar(names.raw, 1 / share('api/koa-vs-raw'), 'api/raw-rate', { ours: false }),
    bar(names.koa, 1, 'api/koa-rate', { ours: false }),
    bar(names.refused, share('api/refused-vs-koa'), 'api/refused-rate', ours('api/refused-vs-koa')),
    bar(names.accepted, share('api/accepted-vs-koa'), 'api/accepted-rate', ours('api/accepted-vs-koa')),
  ];
  return barChart({
    title: heading.title,
    subtitle: heading.subtitle,
    unit: heading.unit,
    language,
    logarithmic,
    description: bars.map(({ name, figure }) => `${name}: ${figure}`).join('. '),
    bars,
  });
}

const goalOf = ({ goal }: FigureResult): Pick<Bar, 'goal'> =>
  goal !== null && 'atLeast' in goal ? { goal: goal.atLeast } : {};
