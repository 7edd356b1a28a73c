import { existsSync, readFileSync } from 'node:fs';
import { chartsOf } from './charts.ts';
import { fillMarkers } from './fill-markers.ts';
import type { Measured } from './measured.ts';
import { partsOf } from './parts.ts';
import { LANGUAGES } from './words/words.ts';

export const DOCUMENTS = [
  'README.md',
  'README.ko.md',
  'docs/performance.md',
  'docs/why-the-simple-answers-break.md',
  'docs/why-the-simple-answers-break.ko.md',
] as const;

/** What every file has to contain, by its path: the documents that are there, and the charts. */
export function generatedFiles(measured: Measured): ReadonlyMap<string, string> {
  const documents = DOCUMENTS.filter((file) => existsSync(file)).map((file): readonly [string, string] => {
    const language = file.endsWith('.ko.md') ? 'ko' : 'en';
    return [file, fillMarkers(readFileSync(file, 'utf8'), partsOf(measured, language, file), file)];
  });
  return new Map([...documents, ...LANGUAGES.flatMap((language) => chartsOf(measured, language))]);
}
