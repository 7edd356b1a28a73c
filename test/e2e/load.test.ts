import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { ServiceProcess } from '../support/service-process.ts';

const ADMIN_TOKEN = 'a-token-for-load-tests';

it('the load tester finds that the service in one process keeps its word', async () => {
  const service = new ServiceProcess('standalone', { ADMIN_TOKEN }, await freePort());
  onTestFinished(() => service.kill());
  await service.ready();
  const folder = mkdtempSync(join(tmpdir(), 'load-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const args = ['--url', service.url, '--limit', '500', '--rate', '500', '--requests', '2000', '--users', '1500'];
  const more = [
    '--duplicates',
    '0.2',
    '--retries',
    '3',
    '--json',
    join(folder, 'r.json'),
    '--history',
    join(folder, 'h'),
  ];
  const code = await new Promise((resolve) => {
    const env = { PATH: process.env['PATH'] ?? '', ADMIN_TOKEN };
    const child = execFile('npm', ['run', '--silent', 'load', '--', ...args, ...more], { env }, () =>
      resolve(child.exitCode),
    );
  });
  const results = JSON.parse(await readFile(join(folder, 'r.json'), 'utf8'));
  expect(results.verdict.users.accepted).toEqual({ coupon: 500, 'failed-event': 0, void: 0, none: 0, unsettled: 0 });
  expect(results.verdict.users['sold-out']).toMatchObject({ none: 1_000, coupon: 0 });
  expect(results.verdict.good).toBe(true);
  expect(code).toBe(0);
});
