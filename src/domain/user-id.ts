import { DomainError } from './domain-error.ts';

declare const brand: unique symbol;

/**
 * A user, as the canonical decimal text of a positive 64-bit integer.
 * Text, because a JavaScript number above 2^53 would merge two users.
 */
export type UserId = string & { readonly [brand]: 'UserId' };

export const LARGEST_USER_ID = '9223372036854775807';

const FORM = /^[1-9][0-9]{0,18}$/;

export const isUserId = (text: string): text is UserId =>
  FORM.test(text) && (text.length < LARGEST_USER_ID.length || text <= LARGEST_USER_ID);

/** @throws DomainError `invalid-user-id` */
export function parseUserId(text: string): UserId {
  if (!isUserId(text)) {
    throw new DomainError(
      'invalid-user-id',
      `A user id is a decimal integer from 1 to ${LARGEST_USER_ID}, without a sign or leading zeros.`,
    );
  }
  return text;
}
