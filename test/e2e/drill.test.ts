import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, inject, it, onTestFinished } from 'vitest';

/** A short drill of the built service: what it prints and the code it ends with. */
async function drill(...options: string[]): Promise<{ readonly code: number | null; readonly output: string }> {
  const command = ['test/drill/drill.ts', '--rate', '60', ...options];
  const child = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGTERM'));
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (bytes) => {
      output += String(bytes);
    });
  }
  const [code]: (number | null)[] = await once(child, 'close');
  return { code: code ?? null, output };
}

describe.skipIf(!inject('canStartServers'))('a drill', () => {
  it('of 16 faults breaks nothing', { timeout: 240_000 }, async () => {
    const { code, output } = await drill('--faults', '16');
    expect(output).toMatch(/^GOOD: 16 faults/m);
    expect(code).toBe(0);
  });

  it('fails where a counter that does not answer is taken for one that is sold out', { timeout: 120_000 }, async () => {
    const faults = ['--faults', '3', '--seed', '1', '--only', 'redis.swallow,redis.freeze'];
    const { code, output } = await drill(...faults, '--sabotage', 'sold-out-on-outage');
    expect(output).toMatch(/^BROKEN: 3 faults/m);
    expect(code).toBe(1);
  });
});
