import { parseUserId, type UserId } from '../../../src/domain/user-id.ts';

/** Odd: every number of 32 bits comes out once. */
const FACTOR = 0x9e_37_79_b1;

/**
 * The user of this number, from 0 to 2^32 − 1: ids of 19 digits, the longest there are, and in no order, as they come to
 * a campaign and as indexes find them hardest.
 */
export const benchUser = (number: number): UserId =>
  parseUserId(`4${String(Math.imul(number, FACTOR) >>> 0).padStart(18, '0')}`);

/** So many users, from this number on. */
export const benchUsers = (from: number, count: number): readonly UserId[] =>
  Array.from({ length: count }, (_, index) => benchUser(from + index));
