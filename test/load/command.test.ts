import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { temporaryFolder } from './drive.ts';
import { startLiar } from './liar.ts';

// A process each, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 });

interface Ended {
  readonly code: number;
  readonly said: string;
}

/** What `npm run load` runs. */
const load = (args: readonly string[], command = 'exec "$@"'): Promise<Ended> =>
  new Promise((resolve) => {
    const script = ['-c', command, 'bash', process.execPath, 'scripts/load/main.ts', ...args];
    const env = { PATH: process.env['PATH'] ?? '' };
    execFile('bash', script, { env, timeout: 30_000 }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, said: stdout + stderr });
    });
  });

const few = ['--campaign', 'liar', '--requests', '40', '--connections', '4', '--settle', '1'];
const historyIn = (folder: string) => ['--history', join(folder, 'history.ndjson')];

it('ends with 0 after a run in which nothing was violated, and writes what it was asked for', async () => {
  const liar = await startLiar({ limit: 10 });
  const folder = temporaryFolder();
  const files = ['--json', join(folder, 'r.json'), '--html', join(folder, 'r.html'), ...historyIn(folder)];
  const { code, said } = await load(['--url', liar.url, ...few, ...files]);
  expect(said).toMatch(/accepted +10 +0 +0 +0 ! +0 ! +10\n/);
  expect(said).toContain('Good: nothing was violated.');
  expect(code).toBe(0);
  expect(JSON.parse(readFileSync(join(folder, 'r.json'), 'utf8'))).toMatchObject({
    campaignId: 'liar',
    verdict: { good: true, users: { accepted: { coupon: 10 } } },
    statistics: { requests: 40 },
  });
  expect(readFileSync(join(folder, 'r.html'), 'utf8')).toContain('Good: nothing was violated.');
  expect(readFileSync(join(folder, 'history.ndjson'), 'utf8').trim().split('\n')).toHaveLength(80);
});

it('ends with 1 after a run in which something was violated, and says what', async () => {
  const liar = await startLiar({ limit: 10, lie: 'issues-nothing' });
  const { code, said } = await load(['--url', liar.url, ...few, ...historyIn(temporaryFolder())]);
  expect(said).toMatch(/accepted-and-nothing: 1 ×[^\n]*\n +user \d+, sequence 3/);
  expect(said).toContain('VIOLATED');
  expect(code).toBe(1);
});

it('ends with 2 where nobody answers', async () => {
  const { code, said } = await load(['--url', 'http://127.0.0.1:1', ...few]);
  expect(said).toContain('http://127.0.0.1:1');
  expect(said).toContain('does not answer');
  expect(code).toBe(2);
});

it('ends with 2 where the history cannot be written', async () => {
  const liar = await startLiar({ limit: 10 });
  const { code, said } = await load(
    ['--url', liar.url, ...few, '--requests', '400', ...historyIn(temporaryFolder())],
    'ulimit -f 4; exec "$@"',
  );
  expect(said).toContain('the history cannot be written');
  expect(code).toBe(2);
});

it('ends with 2 where arguments are wrong, and names each with what is accepted', async () => {
  const wrong = ['--rate', 'fast', '--connections', '3', '--duplicates', '2', '--url', 'localhost', '--mysql', 'x'];
  const { code, said } = await load(wrong);
  for (const line of [
    '--rate is fast; it must be a number from 0.01 to 1000000',
    '--rate and --connections are two models',
    '--duplicates is 2; it must be a number from 0 to 1',
    '--url is localhost; it must be like http://127.0.0.1:3000',
    '--campaign is missing',
    '--mysql must be like mysql://',
    '--help',
  ])
    expect(said).toContain(line);
  expect(code).toBe(2);

  const unknown = await load(['--bogus']);
  expect(unknown.said).toMatch(/--bogus(.|\n)*accepted are --url --campaign/);
  expect(unknown.code).toBe(2);
});

it('ends with 0 after showing its help', async () => {
  const { code, said } = await load(['--help']);
  expect(said).toContain('--max-in-flight');
  expect(code).toBe(0);
});

it('measures itself', async () => {
  const { code, said } = await load(['--ceiling', '--requests', '500', ...historyIn(temporaryFolder())]);
  expect(said).toMatch(/[1-9][\d,]* answers a second from a bare node:http server/);
  expect(code).toBe(0);
});
