import { describe, expect, it } from 'vitest';
import { markdownTable } from '../../../bench/documents/markdown-table.ts';
import { partsOf } from '../../../bench/documents/parts.ts';
import { figureWith, resultsWith } from '../results.ts';
import { rowWith, strategyResultsWith } from '../strategy-results.ts';

const HEADLINE = [
  ['api', 'accepted-vs-koa', 0.61, { atLeast: 0.5 }],
  ['api', 'refused-vs-koa', 0.79, { atLeast: 0.8 }],
  ['latency', 'accepted-p99', 24, { atMost: 25 }],
  ['latency', 'refused-p99', 11, { atMost: 10 }],
  ['consumer', 'consumer-vs-slower-reference', 0.9, { atLeast: 0.85 }],
  ['campaign', 'campaign-seconds', 1.5, { atMost: 2 }],
  ['memory', 'redis-bytes-per-user', 97, { atMost: 120 }],
] as const;

const bench = resultsWith([
  ...HEADLINE.map(([suite, name, value, goal]) =>
    figureWith([0.9 * value, value, 1.1 * value], { suite, name, title: name, unit: 'ratio', goal }),
  ),
  figureWith([7, 8, 9], { name: 'accepted-rate', title: 'accepted' }),
]);

const broken = rowWith({
  strategy: 'count-then-insert',
  title: 'count, then insert',
  stored: 2_314,
  oversold: 314,
  usersWithTwo: 17,
  roundsWrong: 2,
  stoppedAfter: 20,
  usersServed: 1_234,
});
const strategies = strategyResultsWith([
  { name: 'burst', rows: [broken, rowWith({})] },
  { name: 'kill', rows: [rowWith({ toldNotIssued: 6, roundsWrong: 1 })] },
]);

const english = partsOf({ bench, strategies }, 'en', 'docs/page.md');
const korean = partsOf({ bench, strategies }, 'ko', 'docs/page.ko.md');
const numbers = (text: string | null | undefined): readonly string[] =>
  (text?.match(/\d+(?:[.,]\d+)*/g) ?? []).toSorted();

describe('a generated part', () => {
  it('says of each goal whether it is met, and counts what was not measured quickly', () => {
    const lines =
      english('bench-headline')
        ?.split('\n')
        .filter((line) => line.startsWith('| ')) ?? [];
    expect(lines.map((line) => line.split('|').at(-2)?.trim())).toEqual([
      'met',
      'yes',
      '**no**',
      'yes',
      '**no**',
      'yes',
      'yes',
      'yes',
    ]);
    expect(lines[1]).toMatch(/\| 0\.61 × \| +0\.549 – 0\.671 \| +≥ 0\.5 × \|/);
  });

  it('has the command, the day, the machine and the versions beside its figures', () => {
    const origin = '2026-11-22, 2 cores Abacus 2, 24 GiB, Linux 6.1; Node 24.21.0, Redis 7.0.15; commit abc1234';
    expect(english('bench-headline')).toContain(`\`npm run bench -- --rounds 5\`, ${origin}`);
    expect(english('bench-machine')).toContain(`${origin}. nothing pinned. koa 3.3.0.`);
    expect(english('strategies-burst')).toContain(
      `\`npm run bench:strategies -- --users 20000 --coupons 2000 --presses 25000 --connections 256 --rounds 3\`, ${origin}`,
    );
  });

  it('has every figure, those without a goal by suite', () => {
    const [goals = '', reported = ''] = english('bench-goals')?.split('Measured without a goal:') ?? [];
    expect(HEADLINE.filter(([, name]) => !goals.includes(`| ${name} `))).toEqual([]);
    expect(reported).toMatch(/`api`\n\n\| figure .*\n.*\n\| accepted +\| +8 1\/s \| +7 – 9 \|/);
  });

  it('quotes a strategy in a line for each of its rows, with everything that was wrong', () => {
    expect(english('strategy-count-then-insert')).toBe(
      '- **count, then insert:** 2,314 coupons of 2,000; 314 too many, users with two: 17, wrong in 2 of 3 rounds; ' +
        '4,321 requests/s, p99 41.5 ms, 0.04 statements a request, all stored after 1.5 s, longest time without a coupon 0.1 s; ' +
        'stopped after 20 s: 1,234 of 20,000 users served.',
    );
    expect(english('strategy-this-service')?.split('\n')).toEqual([
      expect.stringContaining('- **this service:** 2,000 coupons of 2,000; nothing was wrong; 4,321 requests/s'),
      expect.stringContaining(
        '- **this service, one API process killed:** 2,000 coupons of 2,000; users told yes who have none: 6, wrong in 1 of 3 rounds;',
      ),
    ]);
  });

  it('shows the charts of its language, from where the document is', () => {
    expect(english('strategies-burst')).toContain('](charts/strategies-latency.svg)');
    expect(korean('strategies-kill')).toContain('](charts/strategies-correctness-killed.ko.svg)');
    expect(partsOf({ bench, strategies }, 'en', 'README.md')('bench-headline')).toContain(
      '](docs/charts/headline.svg)',
    );
  });

  it.each(['bench-headline', 'bench-machine', 'strategies-burst', 'strategies-kill', 'strategy-count-then-insert'])(
    'says the same figures in both languages: %s',
    (name) => {
      expect(numbers(korean(name))).toEqual(numbers(english(name)));
      expect(korean(name)).toMatch(/[가-힣]|Abacus/);
    },
  );

  it('is known but empty where nothing was measured, and unknown where it was and is not there', () => {
    const none = partsOf({ bench: null, strategies: null }, 'en', 'README.md');
    expect([none('bench-goals'), none('strategy-get-lock'), none('strategies-kill')]).toEqual([null, null, null]);
    expect([none('bench-speed'), english('strategy-get-lock')]).toEqual([undefined, undefined]);
  });

  it('is refused where a figure of the headline is missing', () => {
    expect(() => partsOf({ bench: resultsWith([]), strategies: null }, 'en', 'README.md')).toThrow(
      'the figure api/accepted-vs-koa is not in the results of npm run bench: was every suite run?',
    );
  });
});

describe('a Markdown table', () => {
  it('is aligned, also with Hangul and bars in its cells', () => {
    const columns = [{ head: '전략' }, { head: 'n', align: 'right' as const }];
    expect(
      markdownTable(columns, [
        ['a|b', '1,234'],
        ['락', '5'],
      ]),
    ).toBe(['| 전략 |     n |', '|------|------:|', '| a\\|b | 1,234 |', '| 락   |     5 |'].join('\n'));
  });
});
