// Writes the figures of the documents, and their charts, of what was measured: npm run bench:documents
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { CannotRead, readResults } from './compare/read-results.ts';
import { DOCUMENTS, generatedFiles } from './documents/generated-files.ts';
import { HISTORY, type Kind, newest } from './documents/newest.ts';
import { readStrategyResults } from './documents/strategy-results.ts';

const HELP = `Writes what stands between the markers of figures in ${DOCUMENTS.join(', ')},
and the charts in docs/charts.

  npm run bench:documents -- [--bench FILE] [--strategies FILE]

Without a file the newest of ${HISTORY} is taken; where there is none, those figures stay as they are.`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { bench: { type: 'string' }, strategies: { type: 'string' }, help: { type: 'boolean', default: false } },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const bench = await readIfAny('bench', values.bench, readResults);
  const strategies = await readIfAny('strategies', values.strategies, readStrategyResults);
  for (const [file, content] of generatedFiles({ bench, strategies })) {
    if ((await readFile(file, 'utf8').catch(() => null)) === content) continue;
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
    console.log(`written: ${file}`);
  }
  return 0;
}

async function readIfAny<Content extends { readonly quick: boolean }>(
  kind: Kind,
  given: string | undefined,
  read: (file: string) => Promise<Content>,
): Promise<Content | null> {
  const file = given ?? (await newest(kind));
  if (file === null) {
    console.log(`${HISTORY} has no …-${kind}.json: figures of it stay as they are`);
    return null;
  }
  const results = await read(file);
  if (results.quick) throw new CannotRead(`${file} is of a quick run, which does not say how fast anything is.`);
  console.log(`figures of ${kind}: ${file}`);
  return results;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
