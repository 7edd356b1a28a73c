import { describe, expect, it } from 'vitest';
import { ticksTo } from '../../scripts/load/html-chart.ts';
import { htmlReport } from '../../scripts/load/html-report.ts';
import type { Results } from '../../scripts/load/measure.ts';
import { statisticsOf } from '../../scripts/load/statistics.ts';
import { judge } from '../../scripts/load/verdict.ts';
import { PLAN } from './drive.ts';
import { accepted, coupon, exchanges, soldOut, truth } from './exchanges.ts';

function resultsOf(good: boolean): Results {
  const history = exchanges(['1', 0, 5, accepted(1)], ['2', 1_400, 1_900, accepted(2)], ['3', 5_000, 5_100, soldOut]);
  const facts = truth(good ? { 1: coupon(1), 2: coupon(2) } : { 1: coupon(1) }, { limit: 2 });
  return {
    campaignId: 'spring',
    urls: ['http://127.0.0.1:3000/<script>'],
    startedAt: new Date(0).toISOString(),
    plan: { ...PLAN, firstUser: '1' },
    statistics: statisticsOf(history),
    tester: { cpuSeconds: 1, cores: 0.2, notSent: 0, retried: 0 },
    remaining: [
      { at: 0, remaining: 2, limit: 2 },
      { at: 5_000, remaining: 0, limit: 2 },
    ],
    truth: { source: 'http', limit: 2, burnt: null, coupons: null },
    verdict: judge(history, facts),
    history: '/tmp/history.ndjson',
  };
}

describe('the report', () => {
  it('needs nothing from elsewhere', () => {
    const page = htmlReport(resultsOf(true));
    expect(page).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|src=|href=/i);
    expect(page).toContain('prefers-color-scheme:dark');
    expect(page.match(/<svg /g)).toHaveLength(3);
    expect(page).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('marks the cells that must be 0, and the one that is not', () => {
    const cells = (page: string, style: string) => page.split(`<td class="${style}">`).length - 1;
    const good = htmlReport(resultsOf(true));
    expect([cells(good, 'must'), cells(good, 'broken')]).toEqual([8, 0]);
    expect(good).toContain('Good: nothing was violated');
    const bad = htmlReport(resultsOf(false));
    expect([cells(bad, 'must'), cells(bad, 'broken')]).toEqual([6, 2]);
    expect(bad).toContain('Violated, 1 times');
    expect(bad).toContain('<li>user 2, sequence 2</li>');
  });

  it('draws a gap where nothing was answered', () => {
    const latency = htmlReport(resultsOf(true)).split('<figure>')[2] ?? '';
    expect(latency.match(/polyline class="line p50"/g)).toHaveLength(2);
  });

  it('is well-formed: every element that is opened is closed', () => {
    const open: string[] = [];
    for (const [, closing, name = '', self] of htmlReport(resultsOf(false)).matchAll(
      /<(\/?)([a-z][a-z0-9]*)[^>]*?(\/?)>/g,
    )) {
      if (self === '/') continue;
      if (closing === '/') expect(open.pop()).toBe(name);
      else open.push(name);
    }
    expect(open).toEqual([]);
  });
});

it.each([
  [0, 0.001],
  [3, 3],
  [97, 100],
  [1_234, 1_500],
])('ends the scale of %d at %d', (most, top) => {
  expect(ticksTo(most).at(-1)).toBe(top);
  expect(ticksTo(most)[0]).toBe(0);
});
