import type { Context } from 'koa';
import type { FieldError } from '../../domain/domain-error.ts';
import { PROBLEM_KINDS, type ProblemKind } from './problem-kinds.ts';

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** A body of 16 KiB can be wrong in thousands of fields. */
const MOST_ERRORS = 20;

export interface Problem {
  readonly kind: ProblemKind;
  readonly detail: string;
  readonly errors?: readonly FieldError[];
  /** More members of the document. */
  readonly members?: Readonly<Record<string, unknown>>;
  /** Seconds. */
  readonly retryAfter?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

export function problemDocument({ kind, detail, errors, members }: Problem): string {
  const { status, title } = PROBLEM_KINDS[kind];
  const listed = kind === 'invalid-request' ? { errors: (errors ?? []).slice(0, MOST_ERRORS) } : {};
  return JSON.stringify({ type: `/problems/${kind}`, title, status, detail, ...members, ...listed });
}

export function writeProblem(ctx: Context, problem: Problem): void {
  ctx.status = PROBLEM_KINDS[problem.kind].status;
  if (problem.retryAfter !== undefined) ctx.set('Retry-After', String(problem.retryAfter));
  if (problem.headers) ctx.set(problem.headers);
  ctx.set('Content-Type', PROBLEM_MEDIA_TYPE);
  ctx.body = problemDocument(problem);
}
