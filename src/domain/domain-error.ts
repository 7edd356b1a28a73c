/** What was wrong with one field of an input, in words that say what is accepted. */
export interface FieldError {
  readonly field: string;
  readonly detail: string;
}

export type DomainErrorCode = 'invalid-user-id' | 'invalid-campaign-id' | 'invalid-request';

/** The caller's mistake: thrown by parsers and rules, mapped to a 400 at the edge, never logged as an error. */
export class DomainError extends Error {
  readonly code: DomainErrorCode;
  readonly errors: readonly FieldError[];

  constructor(code: DomainErrorCode, message: string, errors: readonly FieldError[] = []) {
    super(message);
    this.name = 'DomainError';
    this.code = code;
    this.errors = errors;
  }
}
