import { DomainError } from './domain-error.ts';

/** A position in a list, as a text that says nothing to those who pass it on. The parts are ASCII. */
export const toCursor = (...parts: readonly string[]): string =>
  btoa(JSON.stringify(parts)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

/** @throws DomainError `invalid-request` for what `toCursor` did not make of parts of these forms */
export function fromCursor(cursor: string, ...forms: readonly RegExp[]): readonly string[] {
  const parts = parsed(cursor);
  const isOfForm = (part: unknown, index: number) => typeof part === 'string' && forms[index]?.test(part) === true;
  if (Array.isArray(parts) && parts.length === forms.length && parts.every(isOfForm)) return parts;
  throw new DomainError('invalid-request', 'The cursor is not one that a page gave.', [
    { field: 'cursor', detail: 'must be the nextCursor of an earlier page' },
  ]);
}

function parsed(cursor: string): unknown {
  try {
    return JSON.parse(atob(cursor.replaceAll('-', '+').replaceAll('_', '/')));
  } catch {
    return null;
  }
}
