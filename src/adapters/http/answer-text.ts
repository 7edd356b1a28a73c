import type { ServerResponse } from 'node:http';
import { PROBLEM_MEDIA_TYPE, type Problem, problemDocument } from './problem.ts';
import { PROBLEM_KINDS } from './problem-kinds.ts';

/** A whole answer, ready to be written; the body is ASCII, so that its length is that of the text. */
export interface AnswerText {
  readonly status: number;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  readonly body: string;
}

const JSON_MEDIA_TYPE = 'application/json; charset=utf-8';

const headersOf = (type: string, body: string, more: readonly string[]): string[] => [
  'Cache-Control',
  'no-store',
  'X-Content-Type-Options',
  'nosniff',
  ...more,
  'Content-Type',
  type,
  'Content-Length',
  String(body.length),
];

/** @param body JSON in ASCII */
export const jsonText = (status: number, body: string, more: readonly string[] = []): AnswerText => ({
  status,
  headers: headersOf(JSON_MEDIA_TYPE, body, more),
  body,
});

/** Of a problem whose words are ASCII. */
export function problemText(problem: Problem): AnswerText {
  const body = problemDocument(problem);
  const { retryAfter } = problem;
  const more = retryAfter === undefined ? [] : ['Retry-After', String(retryAfter)];
  return {
    status: PROBLEM_KINDS[problem.kind].status,
    headers: headersOf(PROBLEM_MEDIA_TYPE, body, more),
    body,
  };
}

/** Text that is Latin-1 goes out in one piece with the head. */
export function writeText(response: ServerResponse, { status, headers, body }: AnswerText): void {
  response.writeHead(status, headers as string[]).end(body, 'latin1');
}
