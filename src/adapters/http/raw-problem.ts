import { type ServerResponse, STATUS_CODES } from 'node:http';
import { PROBLEM_MEDIA_TYPE, type Problem, problemDocument } from './problem.ts';
import { PROBLEM_KINDS } from './problem-kinds.ts';

const headersOf = (document: string, { retryAfter, headers = {} }: Problem): Readonly<Record<string, string>> => ({
  'Content-Type': PROBLEM_MEDIA_TYPE,
  'Content-Length': String(Buffer.byteLength(document)),
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  ...(retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) }),
  ...headers,
});

/** A whole HTTP response, for connections on which no request could be read; nothing follows it. */
export function rawProblem(problem: Problem): string {
  const { status } = PROBLEM_KINDS[problem.kind];
  const document = problemDocument(problem);
  const headers = Object.entries({ ...headersOf(document, problem), Connection: 'close' }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  return [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...headers, '', document].join('\r\n');
}

/** Whether the connection stays open is the response's to say. */
export function endWithProblem(response: ServerResponse, problem: Problem): void {
  const document = problemDocument(problem);
  response.writeHead(PROBLEM_KINDS[problem.kind].status, headersOf(document, problem)).end(document);
}
