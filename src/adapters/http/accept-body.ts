import type { z } from 'zod';
import type { FieldError } from '../../domain/domain-error.ts';
import { invalidRequest } from './request-refused.ts';

/** @throws RequestRefused naming every field that is not of the right form */
export function accept<T>(parsed: z.ZodSafeParseResult<T>): T {
  if (parsed.success) return parsed.data;
  throw invalidRequest('The body is not valid.', parsed.error.issues.flatMap(fieldErrors));
}

const fieldErrors = (issue: z.core.$ZodIssue): FieldError[] =>
  issue.code === 'unrecognized_keys'
    ? issue.keys.map((field) => ({ field, detail: 'is not known' }))
    : [{ field: issue.path.join('.') || 'body', detail: issue.path.length > 0 ? issue.message : 'must be an object' }];
