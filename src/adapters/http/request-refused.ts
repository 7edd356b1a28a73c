import type { FieldError } from '../../domain/domain-error.ts';
import type { Problem } from './problem.ts';

/** The caller's mistake in what only HTTP knows of: media types, sizes, headers, the query. */
export class RequestRefused extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.name = 'RequestRefused';
    this.problem = problem;
  }
}

export const invalidRequest = (detail: string, errors: readonly FieldError[]): RequestRefused =>
  new RequestRefused({ kind: 'invalid-request', detail, errors });
