import { readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { readResults } from '../../../bench/compare/read-results.ts';
import { generatedFiles } from '../../../bench/documents/generated-files.ts';
import type { Measured } from '../../../bench/documents/measured.ts';
import { newest } from '../../../bench/documents/newest.ts';
import { readStrategyResults } from '../../../bench/documents/strategy-results.ts';

const STUDY = 'docs/why-the-simple-answers-break.md';
const STUDY_IN_KOREAN = 'docs/why-the-simple-answers-break.ko.md';

let measured: Measured;

beforeAll(async () => {
  const [bench, strategies] = [await newest('bench'), await newest('strategies')];
  measured = {
    bench: bench === null ? null : await readResults(bench),
    strategies: strategies === null ? null : await readStrategyResults(strategies),
  };
});

describe('the documents', () => {
  it('say what the newest results in bench/history say: npm run bench:documents', async ({ skip }) => {
    if (measured.bench === null && measured.strategies === null) skip('bench/history has no results yet');
    for (const [file, content] of generatedFiles(measured)) {
      expect(await readFile(file, 'utf8').catch(() => 'there is no such file'), file).toBe(content);
    }
  });

  it('rest on whole runs', () => {
    expect([measured.bench?.quick, measured.strategies?.quick]).not.toContain(true);
    expect(measured.bench?.failures ?? []).toEqual([]);
  });

  it('have no chart that nobody generates', async () => {
    const charts = await readdir('docs/charts').catch(() => []);
    const generated = generatedFiles(measured);
    expect(charts.filter((chart) => !generated.has(`docs/charts/${chart}`))).toEqual([]);
  });
});

describe('the study in Korean', () => {
  const [english, korean] = [STUDY, STUDY_IN_KOREAN].map((file) => readFileSync(file, 'utf8')) as [string, string];

  // What is generated is compared elsewhere.
  const writtenIn = (text: string): string => text.replace(/(<!-- figures:\S+ -->).*?(<!-- \/figures:)/gs, '$1$2');

  it.each([
    ['headings', /^#+(?= )/gm],
    ['places for figures', /<!-- \/?figures:\S+ -->/g],
    ['links to files', /\]\((?!https|why-the-simple)[^)]+\)/g],
    ['links elsewhere', /\]\(https[^)]+\)/g],
    ['steps of sequences', /^\| \d+/gm],
  ])('has the same %s as the one in English', (_, pattern) => {
    const [one, other] = [english, korean].map((text) => writtenIn(text).match(pattern));
    expect(one?.length).toBeGreaterThan(3);
    expect(other).toEqual(one);
  });

  it('shows the same code, its comments aside', () => {
    const codeOf = (text: string): readonly string[] =>
      [...text.matchAll(/^```\w+\n(.*?)^```$/gms)].map(([, code = '']) => code.replaceAll(/ *(?:\/\/|--) .*$/gm, ''));
    expect(codeOf(korean)).toEqual(codeOf(english));
    expect(codeOf(english).length).toBeGreaterThan(5);
  });
});
