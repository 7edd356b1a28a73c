import { latencyCells } from './console.ts';
import { type Chart, htmlChart } from './html-chart.ts';
import { STYLE } from './html-style.ts';
import { type Matrix, mustBeZero } from './matrix.ts';
import type { Results } from './measure.ts';
import { TOLD } from './told.ts';
import { TRUE_STATES } from './truth.ts';
import { VIOLATIONS, type ViolationKind } from './verdict.ts';

/** The results as one page that needs nothing else, in a light and a dark theme. */
export function htmlReport(results: Results): string {
  const { campaignId, statistics, verdict } = results;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<title>Load test of ${escaped(campaignId)}: ${verdict.good ? 'good' : 'violated'}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<header>
<h1>Load test of ${escaped(campaignId)}</h1>
<p class="quiet">${escaped(subtitle(results))}</p>
</header>
${banner(results)}
<dl class="tiles">${tiles(results)}</dl>
${violations(results)}
${charts(results).map(htmlChart).join('\n')}
<section class="matrix"><h2>Told and true <small>users, by the strongest of their answers</small></h2>
${matrix(verdict.users)}
<p class="key quiet">The framed cells must be 0: somebody was told that he has a coupon, and has none.</p></section>
<section class="matrix"><h2>Told and true <small>every answer</small></h2>
${matrix(verdict.answers)}</section>
<section><h2>Latency <small>milliseconds, from the moment a request was meant to be sent</small></h2>
<div class="scroll"><table><thead><tr><th></th><th>answers</th><th>p50</th><th>p90</th><th>p95</th><th>p99</th><th>p99.9</th><th>max</th></tr></thead>
<tbody>${Object.entries(statistics.latency)
    .map(([name, each]) => row(name, latencyCells(each)))
    .join('')}</tbody></table></div></section>
${notes(results)}
<footer>${footer(results)}</footer>
</main>
</body>
</html>
`;
}

function subtitle({ plan, urls, startedAt }: Results): string {
  const { model } = plan;
  const how =
    model.kind === 'open'
      ? `open model, ${whole(model.rate)} applications a second`
      : `closed model, ${whole(model.connections)} connections`;
  return `${startedAt} · ${how} · ${whole(urls.length)} process${urls.length === 1 ? '' : 'es'} · seed ${plan.seed}`;
}

function banner({ verdict, truth }: Results): string {
  const source = truth.source === 'http' ? 'asked over HTTP, user by user' : 'read from the tables';
  const count = Object.values(verdict.violations).reduce((sum, each) => sum + each.count, 0);
  return verdict.good
    ? `<p class="verdict good">✓ Good: nothing was violated. <span>The truth was ${source}.</span></p>`
    : `<p class="verdict bad">✗ Violated, ${whole(count)} times. <span>The truth was ${source}.</span></p>`;
}

function tiles({ statistics, tester, truth }: Results): string {
  const { told, latency } = statistics;
  const refused = told['sold-out'] + told.refused;
  const failed = told.error + told.timeout;
  const all = [
    ['answers a second', whole(statistics.answersPerSecond)],
    ['accepted', whole(told.accepted + told.already)],
    ['refused', whole(refused)],
    ['errors and timeouts', whole(failed)],
    ['limit', truth.limit === null ? 'not known' : whole(truth.limit)],
    ['p50', `${latencyCells(latency.all)[1] || '–'} ms`],
    ['p99', `${latencyCells(latency.all)[4] || '–'} ms`],
    ['could not be sent', whole(tester.notSent)],
  ];
  return all.map(([name, value]) => `<div><dt>${name}</dt><dd>${value}</dd></div>`).join('');
}

function charts({ statistics, remaining, startedAt }: Results): readonly Chart[] {
  const { timeline } = statistics;
  const times = timeline.map(({ second }) => second);
  const began = Date.parse(startedAt);
  const seen = remaining.map(({ at }) => Math.max(0, (at - began) / 1_000));
  const end = Math.max(1, times.at(-1) ?? 0, seen.at(-1) ?? 0);
  return [
    {
      title: 'Throughput',
      unit: 'answers in each second',
      times,
      end,
      series: [
        { name: 'accepted', style: 'accepted', values: timeline.map(({ accepted }) => accepted), filled: true },
        { name: 'refused', style: 'refused', values: timeline.map(({ refused }) => refused), filled: true },
        { name: 'errors and timeouts', style: 'failed', values: timeline.map(({ failed }) => failed) },
      ],
    },
    {
      title: 'Latency',
      unit: 'milliseconds, of the answers in each second',
      times,
      end,
      series: (['p50', 'p95', 'p99'] as const).map((name) => ({
        name,
        style: name,
        values: timeline.map(({ latency }) => latency?.[name] ?? null),
      })),
    },
    {
      title: 'Remaining coupons',
      unit: 'as the campaign says, once a second',
      times: seen,
      end,
      series: [
        { name: 'remaining', style: 'remaining', values: remaining.map((each) => each.remaining), filled: true },
      ],
    },
  ];
}

function matrix(counts: Matrix): string {
  const head = TRUE_STATES.map((state) => `<th scope="col">${state.replace('-', ' ')}</th>`).join('');
  const body = TOLD.map((told) => {
    const cells = TRUE_STATES.map((state) => {
      const count = counts[told][state];
      const style = mustBeZero(told, state) ? (count === 0 ? 'must' : 'broken') : count === 0 ? 'zero' : '';
      return `<td class="${style}">${whole(count)}</td>`;
    });
    return `<tr><th scope="row">${told.replace('-', ' ')}</th>${cells.join('')}</tr>`;
  });
  return `<div class="scroll"><table><thead><tr><th>told \\ true</th>${head}</tr></thead><tbody>${body.join('')}</tbody></table></div>`;
}

function violations({ verdict }: Results): string {
  if (verdict.good) return '';
  const kinds = (Object.keys(VIOLATIONS) as ViolationKind[]).filter((kind) => verdict.violations[kind].count > 0);
  const found = kinds.map((kind) => {
    const { count, examples } = verdict.violations[kind];
    const list = examples.map((example) => `<li>${escaped(example)}</li>`).join('');
    return `<h3>${whole(count)} × ${VIOLATIONS[kind]}</h3><ul>${list}</ul>`;
  });
  return `<section class="found"><h2>What was violated</h2>${found.join('')}</section>`;
}

function notes({ verdict }: Results): string {
  if (verdict.notes.length === 0) return '';
  const list = verdict.notes.map((note) => `<li>${escaped(note)}</li>`).join('');
  return `<section><h2>Notes <small>worth knowing, and no proof of anything</small></h2><ul class="notes">${list}</ul></section>`;
}

function footer({ tester, statistics, urls, history, plan }: Results): string {
  const words = [
    `The tester used ${tester.cores.toFixed(2)} cores, and was late by ${latencyCells(statistics.lateness)[4] || '0'} ms (p99)`,
    `${whole(plan.users)} users from ${plan.firstUser} on, ${Math.round(plan.duplicates * 100)} % second presses, ${plan.retries} retries (${whole(tester.retried)} made)`,
    `${urls.join(', ')}; history in ${history}`,
  ];
  return words.map((each) => `${escaped(each)}.`).join('<br/>');
}

const row = (name: string, cells: readonly string[]): string =>
  `<tr><th scope="row">${name}</th>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;

const whole = (value: number): string => Math.round(value).toLocaleString('en-US');

const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (each) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[each] ?? each);
