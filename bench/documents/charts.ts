import { join } from 'node:path';
import { headlineChart } from './headline-chart.ts';
import type { Measured } from './measured.ts';
import { correctnessChart, latencyChart, speedChart } from './strategy-charts.ts';
import type { Language } from './words/words.ts';
import { wordsOf } from './words/words-of.ts';

export type Chart =
  | 'headline'
  | 'strategies-correctness'
  | 'strategies-correctness-killed'
  | 'strategies-speed'
  | 'strategies-latency';

export const chartFile = (chart: Chart, language: Language): string =>
  join('docs/charts', language === 'en' ? `${chart}.svg` : `${chart}.${language}.svg`);

/** The charts of what was measured, in one language, by their paths. */
export function chartsOf({ bench, strategies }: Measured, language: Language): readonly (readonly [string, string])[] {
  const words = wordsOf(language);
  const charts: (readonly [string, string])[] = [];
  const add = (chart: Chart, svg: string): void => void charts.push([chartFile(chart, language), svg]);
  if (bench !== null) add('headline', headlineChart(bench, words, language));
  for (const section of strategies?.sections ?? []) {
    if (section.name === 'kill') add('strategies-correctness-killed', correctnessChart(section, words, language));
    else {
      add('strategies-correctness', correctnessChart(section, words, language));
      add('strategies-speed', speedChart(section, words, language));
      add('strategies-latency', latencyChart(section, words, language));
    }
  }
  return charts;
}
