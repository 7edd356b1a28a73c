import type { RawEvent } from '../../domain/failed-event.ts';

type Headers = RawEvent['headers'];

/** Names as JSON, which escapes whatever is not text; values as base64. Order and repetitions stay. */
export const headersToText = (headers: Headers): string =>
  JSON.stringify(headers.map(([name, value]) => [name, Buffer.from(value).toString('base64')]));

export const headersFromText = (text: string): Headers =>
  (JSON.parse(text) as [string, string][]).map(([name, value]) => [
    name,
    Uint8Array.from(Buffer.from(value, 'base64')),
  ]);
