import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CannotRead, readResults } from '../../../bench/compare/read-results.ts';
import { figureWith, resultsWith } from '../results.ts';

let file: string;

beforeAll(async () => {
  file = join(await mkdtemp(join(tmpdir(), 'results-')), 'results.json');
});

afterAll(() => rm(join(file, '..'), { recursive: true }));

describe('reading results', () => {
  it('gives what was written', async () => {
    const results = resultsWith([figureWith([1, 2], { goal: { atLeast: 1 } })], { readings: { api: [{ rate: 1 }] } });
    await writeFile(file, JSON.stringify(results));
    expect(await readResults(file)).toEqual(results);
  });

  it.each([
    ['is not JSON', 'not { json', 'this is not JSON'],
    ['is of another schema', JSON.stringify({ ...resultsWith([]), schema: 2 }), 'its schema is 2'],
    ['says no schema', '[1, 2]', 'its schema is missing'],
    ['is of the laboratory', JSON.stringify({ schema: 1, sections: [] }), 'at figures'],
    ['lacks a part', JSON.stringify(resultsWith([{ ...figureWith([1]), rounds: [] }])), 'at figures[0].rounds'],
  ])('refuses a file that %s, and says what is accepted', async (_, content, why) => {
    await writeFile(file, content);
    const error: unknown = await readResults(file).catch((refusal: unknown) => refusal);
    expect(error).toBeInstanceOf(CannotRead);
    expect(String(error)).toContain(`${file}: `);
    expect(String(error)).toContain(why);
    expect(String(error)).toContain('Accepted are results of `npm run bench -- --json FILE`, schema 1.');
  });
});
