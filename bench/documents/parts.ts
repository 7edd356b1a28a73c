import { dirname, relative } from 'node:path';
import { BENCH_PARTS, benchParts } from './bench-parts.ts';
import { type Chart, chartFile } from './charts.ts';
import type { PartOf } from './fill-markers.ts';
import type { Measured } from './measured.ts';
import { strategiesPart, strategyPart } from './strategy-parts.ts';
import type { StrategyResults } from './strategy-results.ts';
import type { Language, Words } from './words/words.ts';
import { wordsOf } from './words/words-of.ts';

type Picture = (chart: Chart, title: string) => string;

/** Everything that can stand between markers of this document. */
export function partsOf({ bench, strategies }: Measured, language: Language, document: string): PartOf {
  const words = wordsOf(language);
  const picture: Picture = (chart, title) => `![${title}](${relative(dirname(document), chartFile(chart, language))})`;
  const parts = new Map<string, string>();
  if (bench !== null) {
    for (const [name, part] of Object.entries(benchParts(bench, words))) parts.set(name, part);
    parts.set('bench-headline', `${picture('headline', words.headline.title)}\n\n${parts.get('bench-headline')}`);
  }
  if (strategies !== null) for (const [name, part] of strategyParts(strategies, words, picture)) parts.set(name, part);
  return (name) => parts.get(name) ?? (isKnown(name) && !isMeasured(name, { bench, strategies }) ? null : undefined);
}

const isKnown = (name: string): boolean =>
  name.startsWith('strategy-') || name === 'strategies-burst' || name === 'strategies-kill' || isOfBench(name);

const isOfBench = (name: string): boolean => BENCH_PARTS.some((part) => part === name);

const isMeasured = (name: string, { bench, strategies }: Measured): boolean =>
  (isOfBench(name) ? bench : strategies) !== null;

function strategyParts(
  results: StrategyResults,
  words: Words,
  picture: Picture,
): readonly (readonly [string, string])[] {
  const names = new Set(results.sections.flatMap(({ rows }) => rows.map(({ strategy }) => strategy)));
  const sections = results.sections.map((section) => {
    const pictures =
      section.name === 'kill'
        ? [picture('strategies-correctness-killed', words.correctness.kill.title)]
        : [
            picture('strategies-correctness', words.correctness.burst.title),
            picture('strategies-speed', words.rate.title),
            picture('strategies-latency', words.latency.title),
          ];
    return [`strategies-${section.name}`, [...pictures, strategiesPart(results, section, words)].join('\n\n')] as const;
  });
  return [...sections, ...[...names].map((name) => [`strategy-${name}`, strategyPart(results, name, words)] as const)];
}
