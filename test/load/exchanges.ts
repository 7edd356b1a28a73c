import type { Answer, Exchange } from '../../scripts/load/history.ts';
import type { TrueRecord, Truth } from '../../scripts/load/truth.ts';

export const accepted = (sequence: number | null): Told => ({ status: 202, kind: 'accepted', sequence });
export const already = (sequence: number): Told => ({ status: 200, kind: 'accepted', sequence });
export const refused = (kind: string): Told => ({ status: 409, kind, sequence: null });
export const soldOut = refused('sold-out');
export const unknown: Told = { status: 503, kind: 'outcome-unknown', sequence: null };
export const timedOut: Told = { status: 0, kind: 'timeout', sequence: null };

type Told = Pick<Answer, 'status' | 'kind' | 'sequence'>;

/** User, when it was sent, when it was answered, and what with. */
export type Told4 = readonly [user: string, sentAt: number, answeredAt: number, told: Told];

export const exchanges = (...told: readonly Told4[]): readonly Exchange[] =>
  told.map(([user, sentAt, answeredAt, answer], index) => ({
    n: index + 1,
    user,
    attempt: 1,
    to: 'api:80',
    at: sentAt,
    sentAt,
    answer: { answeredAt, ...answer, error: null },
  }));

export const coupon = (sequence: number): TrueRecord => ({ state: 'coupon', sequence });

export const truth = (users: Readonly<Record<string, TrueRecord>>, more: Partial<Truth> = {}): Truth => ({
  users: new Map(Object.entries(users)),
  limit: 10,
  burnt: 0,
  coupons: null,
  ...more,
});
