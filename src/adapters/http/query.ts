import type { Context } from 'koa';
import type { FieldError } from '../../domain/domain-error.ts';
import { DEFAULT_PAGE_SIZE, LARGEST_PAGE_SIZE, type PageRequest } from '../../domain/page.ts';
import { invalidRequest } from './request-refused.ts';

type Query<Name extends string> = Readonly<Partial<Record<Name, string>>>;

/**
 * The parameters of the query, each at most once.
 *
 * @throws RequestRefused for any that is not among the accepted ones
 */
export function readQuery<const Name extends string>(ctx: Context, accepted: readonly Name[]): Query<Name> {
  const query: Partial<Record<Name, string>> = {};
  if (ctx.querystring === '') return query;
  const errors: FieldError[] = [];
  for (const [name, value] of new URLSearchParams(ctx.querystring)) {
    const known = accepted.find((each) => each === name);
    if (known === undefined) errors.push({ field: name, detail: unknownDetail(accepted) });
    else if (query[known] !== undefined) errors.push({ field: name, detail: 'must be given once' });
    else query[known] = value;
  }
  if (errors.length > 0) throw invalidRequest('The query is not valid.', errors);
  return query;
}

const unknownDetail = (accepted: readonly string[]): string =>
  accepted.length === 0 ? 'no query is accepted here' : `is not known; accepted are ${accepted.join(', ')}`;

const NUMBER = /^[1-9][0-9]{0,2}$/;

export function pageRequest({ limit, cursor }: Query<'limit' | 'cursor'>): PageRequest {
  const errors: FieldError[] = [];
  if (limit !== undefined && (!NUMBER.test(limit) || Number(limit) > LARGEST_PAGE_SIZE)) {
    errors.push({ field: 'limit', detail: `must be an integer from 1 to ${LARGEST_PAGE_SIZE}` });
  }
  if (cursor === '') errors.push({ field: 'cursor', detail: 'must be the nextCursor of an earlier page' });
  if (errors.length > 0) throw invalidRequest('The page is not valid.', errors);
  return { limit: limit === undefined ? DEFAULT_PAGE_SIZE : Number(limit), cursor: cursor ?? null };
}
