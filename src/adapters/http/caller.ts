import type { IncomingMessage } from 'node:http';
import { DomainError } from '../../domain/domain-error.ts';
import { isUserId, parseUserId, type UserId } from '../../domain/user-id.ts';
import { RequestRefused } from './request-refused.ts';

/** Who is asking. Throws `RequestRefused` or `DomainError` where nobody can be told. */
export type IdentifyCaller = (request: IncomingMessage) => UserId | Promise<UserId>;

/** The user is whom the gateway in front of this service says, in the header `X-User-Id`. */
export function gatewayCaller(request: IncomingMessage): UserId {
  // Node joins what came twice with a comma, which no user id contains: only what is wrong needs a closer look.
  const joined = request.headers['x-user-id'];
  if (typeof joined === 'string' && isUserId(joined)) return joined;
  const [given = '', ...more] = request.headersDistinct['x-user-id'] ?? [];
  if (more.length > 0) throw new DomainError('invalid-user-id', 'X-User-Id was sent more than once.');
  if (given === '') {
    throw new RequestRefused({ kind: 'unauthenticated', detail: 'X-User-Id must say who is asking.' });
  }
  return parseUserId(given);
}
