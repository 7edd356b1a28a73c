// Ratios of two results, and which of them exceed the noise: npm run bench:compare -- A.json B.json
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { compareResults } from './compare/compare-results.ts';
import { comparisonText, RULE } from './compare/comparison-text.ts';
import { CannotRead, readResults } from './compare/read-results.ts';

const HELP = `Compares two results of npm run bench -- --json FILE: A is before, B is after.

  npm run bench:compare -- A B

A file is given by its path, or by its name in bench/history, with or without .json.

${RULE}

Ends with 0 whatever is faster, with 2 where a file cannot be compared.`;

const HISTORY = 'bench/history';

const fileOf = (name: string): string =>
  [name, join(HISTORY, name), join(HISTORY, `${basename(name, '.json')}.json`)].find((path) => existsSync(path)) ??
  name;

async function main(args: readonly string[]): Promise<number> {
  const [a, b, ...rest] = args.filter((argument) => argument !== '--');
  if (a === '--help') {
    console.log(HELP);
    return 0;
  }
  if (a === undefined || b === undefined || rest.length > 0) {
    console.error(`bench:compare takes two files, not ${args.length}\n\n${HELP}`);
    return 2;
  }
  const [before, after] = [await readResults(fileOf(a)), await readResults(fileOf(b))];
  console.log(comparisonText(before, after, compareResults(before, after)));
  return 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof CannotRead ? error.message : error);
  process.exitCode = 2;
}
