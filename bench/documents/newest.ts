import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

export const HISTORY = 'bench/history';

export type Kind = 'bench' | 'strategies';

/** The latest by the day in its name, `YYYY-MM-DD-bench.json` or `YYYY-MM-DD-strategies.json`; null: there is none. */
export async function newest(kind: Kind, directory = HISTORY): Promise<string | null> {
  const form = new RegExp(`^\\d{4}-\\d{2}-\\d{2}-${kind}\\.json$`);
  const names = (await readdir(directory)).filter((name) => form.test(name)).toSorted();
  const last = names.at(-1);
  return last === undefined ? null : join(directory, last);
}
