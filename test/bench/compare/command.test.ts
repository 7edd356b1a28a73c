import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { figureWith, resultsWith } from '../results.ts';

const run = promisify(execFile);
let directory: string;

const file = (name: string): string => join(directory, name);
const write = (name: string, content: unknown): Promise<void> => writeFile(file(name), JSON.stringify(content));

const compare = async (...args: readonly string[]) => {
  const command = ['bench/compare.ts', ...args];
  return run(process.execPath, command).then(
    ({ stdout }) => ({ code: 0, stdout, stderr: '' }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({ code, stdout, stderr }),
  );
};

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'compare-'));
  await write('before.json', resultsWith([figureWith([100, 101, 102, 103, 104])]));
  await write('after.json', resultsWith([figureWith([150, 151, 153, 155, 156])]));
});

afterAll(() => rm(directory, { recursive: true }));

describe('npm run bench:compare', () => {
  it('prints the ratio, where it lies, whether it counts, and by which rule', async () => {
    const { code, stdout } = await compare(file('before.json'), file('after.json'));
    expect(code).toBe(0);
    expect(stdout).toMatch(/\| api: accepted +\| 1\/s +\| +102 \| +153 \| 1\.500 \| 1\.442 – 1\.560 \| better +\|/);
    expect(stdout).toContain('exact rank-sum test');
    expect(stdout).not.toContain('WARNING');
  });

  it('says which file is missing, and what is taken', async () => {
    const { code, stderr } = await compare(file('before.json'), 'nowhere.json');
    expect(code).toBe(2);
    expect(stderr).toContain('nowhere.json: there is no such file');
    expect(stderr).toContain('results of `npm run bench -- --json FILE`, schema 1');
  });

  it('wants two files', async () => {
    const { code, stderr } = await compare(file('before.json'));
    expect(code).toBe(2);
    expect(stderr).toContain('takes two files, not 1');
  });
});
