import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { wordsOf } from '../../../bench/documents/words/words-of.ts';
import { CONTENDERS } from '../../../bench/strategies/laboratory/contenders.ts';
import { SUITES } from '../../../bench/suites.ts';

describe('what is measured', () => {
  it('has a place in the study, strategy by strategy', () => {
    for (const file of ['docs/why-the-simple-answers-break.md', 'docs/why-the-simple-answers-break.ko.md']) {
      const places = [...readFileSync(file, 'utf8').matchAll(/<!-- figures:strategy-(\S+) -->/g)].map(
        ([, name]) => name,
      );
      expect(places, file).toEqual([...new Set(CONTENDERS.map(({ name }) => name))]);
    }
  });

  it('has a name in Korean where it is not one of commands', () => {
    const titles = CONTENDERS.map(({ name: strategy, title, processes }) =>
      wordsOf('ko').titleOf({ strategy, title, processes }),
    );
    expect(titles.filter((title) => !/[가-힣]/.test(title))).toEqual(['SELECT … FOR UPDATE', 'GET_LOCK']);
  });

  it('includes every figure of the headline, by the name that the documents know', () => {
    const measured = SUITES.flatMap(({ name: suite, figures }) => figures.map(({ name }) => `${suite}/${name}`));
    const drawn = ['koa-vs-raw', 'raw-rate', 'koa-rate', 'refused-rate', 'accepted-rate'].map((name) => `api/${name}`);
    for (const language of ['en', 'ko'] as const) {
      const wanted = [...Object.keys(wordsOf(language).headline.titles), ...drawn];
      expect(wanted.filter((figure) => !measured.includes(figure))).toEqual([]);
    }
  });
});
