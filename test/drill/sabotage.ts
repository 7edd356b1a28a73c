import { readdirSync } from 'node:fs';

/** Modules that take one guard away from the built service, by their names: only a drill ever loads them. */
const FOLDER = new URL('./sabotage/', import.meta.url);

/** @throws RangeError where there is none of this name */
export function preloadOf(guard: string): URL {
  const guards = readdirSync(FOLDER).map((name) => name.replace(/\.ts$/, ''));
  if (!guards.includes(guard)) throw new RangeError(`no guard ${guard}; there are ${guards.join(', ')}`);
  return new URL(`${guard}.ts`, FOLDER);
}
