import { describe, expect, it } from 'vitest';
import { chartsOf } from '../../../bench/documents/charts.ts';
import { figureWith, resultsWith } from '../results.ts';
import { rowWith, strategyResultsWith } from '../strategy-results.ts';

const share = (name: string, value: number, goal: number | null): ReturnType<typeof figureWith> =>
  figureWith([value], { name, unit: 'ratio', goal: goal === null ? null : { atLeast: goal } });

const bench = resultsWith([
  share('koa-vs-raw', 0.5, null),
  share('accepted-vs-koa', 0.61, 0.5),
  share('refused-vs-koa', 0.91, 0.8),
  ...['raw-rate', 'koa-rate', 'accepted-rate', 'refused-rate'].map((name, index) =>
    figureWith([10_000 + index], { name }),
  ),
]);

const strategies = strategyResultsWith([
  { name: 'burst', rows: [rowWith({ strategy: 'get-lock', title: 'GET_LOCK', oversold: 17 }), rowWith({ p99: 88 })] },
  { name: 'kill', rows: [rowWith({ toldNotIssued: 23 })] },
]);

const charts = new Map(chartsOf({ bench, strategies }, 'en'));
const textsOf = (file: string): string => (charts.get(file) ?? '').replaceAll(/<[^>]*>/g, '\n');

describe('the charts of the documents', () => {
  it('show what was measured, and this service apart from the others', () => {
    expect(textsOf('docs/charts/strategies-correctness.svg')).toContain(
      'GET_LOCK: 17, 0, 0, 0, 0. this service: 0, 0, 0, 0, 0.',
    );
    expect(textsOf('docs/charts/strategies-correctness-killed.svg')).toContain('this service: 0, 0, 0, 23, 0.');
    expect(textsOf('docs/charts/strategies-speed.svg')).toContain('this service: 4,321.');
    expect(textsOf('docs/charts/strategies-latency.svg')).toContain('this service: 5.25, 88.');
    for (const file of ['speed', 'latency', 'correctness'].map((name) => `docs/charts/strategies-${name}.svg`)) {
      expect(charts.get(file)?.match(/class="strong">this service</g), file).toHaveLength(1);
    }
  });

  it('show the service as a share of the framework, with its goals', () => {
    const said = textsOf('docs/charts/headline.svg');
    expect(said).toContain(
      'raw node:http, a fixed answer: 2.00 (10,000/s). Koa + router without work: 1.00 (10,001/s).',
    );
    expect(said).toContain('sold out: 0.91 (10,003/s)');
    expect(said).toContain('answered: 0.61 (10,002/s)');
    expect(charts.get('docs/charts/headline.svg')?.match(/class="goal"/g)).toHaveLength(2);
  });

  it('are there in both languages, and only of what was measured', () => {
    const korean = chartsOf({ bench, strategies }, 'ko').map(([file]) => file);
    expect(korean).toEqual([...charts.keys()].map((file) => file.replace('.svg', '.ko.svg')));
    expect(chartsOf({ bench: null, strategies: null }, 'en')).toEqual([]);
    expect(chartsOf({ bench, strategies: null }, 'en').map(([file]) => file)).toEqual(['docs/charts/headline.svg']);
  });
});
