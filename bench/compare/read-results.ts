import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Results } from '../support/results.ts';

/** What is wrong with a file, and what would be accepted. */
export class CannotRead extends Error {}

const figure = z.object({
  suite: z.string(),
  name: z.string(),
  title: z.string(),
  unit: z.string(),
  goal: z.union([z.object({ atLeast: z.number() }), z.object({ atMost: z.number() })]).nullable(),
  median: z.number(),
  lowest: z.number(),
  highest: z.number(),
  rounds: z.array(z.number()).min(1),
});

/** On what every kind of result was measured. */
export const MACHINE_SHAPE = z.object({
  cpu: z.string(),
  cores: z.number(),
  memoryGiB: z.number(),
  kernel: z.string(),
  pinning: z.string(),
});

const results: z.ZodType<Results> = z.object({
  schema: z.literal(1),
  date: z.iso.datetime(),
  machine: MACHINE_SHAPE,
  versions: z.record(z.string(), z.string()),
  commit: z.string(),
  quick: z.boolean(),
  rounds: z.number(),
  figures: z.array(figure),
  readings: z.record(z.string(), z.array(z.record(z.string(), z.number()))),
  failures: z.array(z.object({ suite: z.string(), error: z.string() })),
});

/** @throws CannotRead */
export const readResults = (file: string): Promise<Results> =>
  readJson(file, results, 'results of `npm run bench -- --json FILE`, schema 1');

/** @throws CannotRead where the file is not there, is no JSON, is of another schema, or lacks something */
export async function readJson<Content>(file: string, form: z.ZodType<Content>, accepted: string): Promise<Content> {
  const refuse = (why: string): never => {
    throw new CannotRead(`${file}: ${why}\nAccepted are ${accepted}.`);
  };
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) =>
    refuse(error.code === 'ENOENT' ? 'there is no such file' : error.message),
  );
  const content = parsed(text);
  if (content === undefined) return refuse('this is not JSON');
  const checked = form.safeParse(content);
  if (checked.success) return checked.data;
  const schema = z.object({ schema: z.unknown() }).safeParse(content);
  if (schema.data?.schema !== 1) return refuse(`its schema is ${JSON.stringify(schema.data?.schema) ?? 'missing'}`);
  return refuse(z.prettifyError(checked.error));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
