import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, inject, it } from 'vitest';

/** A short drill of the built service: what it prints and the code it ends with. */
async function drill(...options: string[]): Promise<{ readonly code: number | null; readonly output: string }> {
  const child = spawn(process.execPath, ['test/drill/drill.ts', ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (output += String(bytes)));
  const [code]: (number | null)[] = await once(child, 'close');
  return { code: code ?? null, output };
}

describe.skipIf(!inject('canStartServers'))('a drill', () => {
  it('of 16 faults breaks nothing', { timeout: 240_000 }, async () => {
    const { code, output } = await drill('--faults', '16', '--rate', '60');
    expect(output).toMatch(/^GOOD: 16 faults/m);
    expect(code).toBe(0);
  });

  it('fails where a counter that has lost its tail is opened as it is', { timeout: 120_000 }, async () => {
    const only = 'redis.tail-cut,redis.older-copy';
    const { code, output } = await drill(
      '--faults',
      '3',
      '--seed',
      '1',
      '--only',
      only,
      '--sabotage',
      'no-fence',
      '--rate',
      '60',
    );
    expect(output).toMatch(/^BROKEN: 3 faults/m);
    expect(code).toBe(1);
  });
});
