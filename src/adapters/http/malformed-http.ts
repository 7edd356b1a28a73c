import type { Problem } from './problem.ts';

const BY_CODE: Readonly<Record<string, Problem>> = {
  HPE_HEADER_OVERFLOW: { kind: 'headers-too-large', detail: 'The header fields have at most 16 KiB together.' },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: { kind: 'payload-too-large', detail: 'The chunk extensions are too large.' },
  ERR_HTTP_REQUEST_TIMEOUT: { kind: 'request-timeout', detail: 'The request did not arrive in time.' },
};

const MALFORMED: Problem = {
  kind: 'invalid-request',
  detail: 'The request is not valid HTTP.',
  errors: [{ field: 'request', detail: 'must be HTTP/1.1 as in RFC 9112' }],
};

/** What Node's HTTP parser, or its clock, refused. */
export const malformedHttp = ({ code = '' }: { readonly code?: string }): Problem => BY_CODE[code] ?? MALFORMED;
