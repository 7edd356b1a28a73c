import { createHash, timingSafeEqual } from 'node:crypto';
import type { Middleware } from 'koa';
import { RequestRefused } from './request-refused.ts';

const BEARER = /^bearer +([^ ]+)$/i;

const digestOf = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Lets pass whoever sends the token, once. Digests are compared: the time it takes tells neither content nor length. */
export function adminOnly(token: string): Middleware {
  const expected = digestOf(token);
  return (ctx, next) => {
    const [given = '', ...more] = ctx.req.headersDistinct['authorization'] ?? [];
    const sent = BEARER.exec(given)?.[1] ?? '';
    const matches = timingSafeEqual(digestOf(sent), expected);
    if (matches && more.length === 0) return next();
    throw new RequestRefused({
      kind: 'unauthenticated',
      detail: 'The admin API wants one header "Authorization: Bearer <admin token>".',
      headers: { 'WWW-Authenticate': 'Bearer' },
    });
  };
}
