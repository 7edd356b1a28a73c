import { describe, expect, it } from 'vitest';
import { isRight, type Judgement, judge, type Told } from '../../../bench/strategies/laboratory/judge.ts';

const LIMIT = 2;
const NOTHING_WRONG: Omit<Judgement, 'stored'> = {
  oversold: 0,
  undersold: 0,
  usersWithTwo: 0,
  toldNotIssued: 0,
  issuedToldNo: 0,
  toldBoth: 0,
  issuedToStrangers: 0,
};

/** Users by name, each with everything he was told. */
const judged = (stored: readonly string[], told: Readonly<Record<string, readonly Told[]>>): Judgement =>
  judge(stored, new Map(Object.entries(told)), LIMIT);

describe('the judgement of what was told and stored', () => {
  it('finds nothing where everybody has what he was told', () => {
    const told = { a: ['accepted', 'already'], b: ['error', 'accepted'], c: ['sold-out', 'sold-out'] } as const;
    const judgement = judged(['a', 'b'], told);
    expect(judgement).toEqual({ stored: 2, ...NOTHING_WRONG });
    expect(isRight(judgement)).toBe(true);
  });

  it('counts coupons above the limit', () => {
    const told = { a: ['accepted'], b: ['accepted'], c: ['accepted'], d: ['accepted'] } as const;
    expect(judged(['a', 'b', 'c', 'd'], told)).toEqual({ stored: 4, ...NOTHING_WRONG, oversold: 2 });
  });

  it('counts coupons that were left over, once somebody was told that there are none', () => {
    expect(judged(['a'], { a: ['accepted'], b: ['sold-out'] })).toEqual({ stored: 1, ...NOTHING_WRONG, undersold: 1 });
  });

  it('finds nothing left over where nobody was refused', () => {
    expect(judged(['a'], { a: ['accepted'], b: ['error'] })).toEqual({ stored: 1, ...NOTHING_WRONG });
  });

  it('counts users with two or more coupons once', () => {
    const judgement = judged(['a', 'a', 'a', 'b', 'b'], { a: ['accepted'], b: ['accepted'] });
    expect(judgement).toEqual({ stored: 5, ...NOTHING_WRONG, oversold: 3, usersWithTwo: 2 });
  });

  it('counts users who were accepted, whatever else they were told, and have nothing', () => {
    const told = { a: ['accepted'], b: ['error', 'accepted', 'error'], c: ['accepted', 'sold-out'] } as const;
    expect(judged([], told)).toMatchObject({ toldNotIssued: 3 });
  });

  it('counts users who were told only that they had applied already, and have nothing', () => {
    expect(judged(['x'], { x: ['accepted'], a: ['error', 'already'] })).toMatchObject({ toldNotIssued: 1 });
  });

  it('does not count who was refused, and told that he had applied already, as promised a coupon', () => {
    const told = { x: ['accepted'], y: ['accepted'], a: ['sold-out', 'already'] } as const;
    expect(judged(['x', 'y'], told)).toEqual({ stored: 2, ...NOTHING_WRONG, toldBoth: 1 });
  });

  it('counts holders of a coupon who were told that it was sold out', () => {
    const told = { a: ['sold-out'], b: ['accepted'] } as const;
    expect(judged(['a', 'b'], told)).toEqual({ stored: 2, ...NOTHING_WRONG, issuedToldNo: 1 });
  });

  it('promises nothing by an error', () => {
    expect(judged([], { a: ['error', 'error'] })).toEqual({ stored: 0, ...NOTHING_WRONG });
  });

  it('counts coupons of users who never applied', () => {
    expect(judged(['a', 'z'], { a: ['accepted'] })).toEqual({ stored: 2, ...NOTHING_WRONG, issuedToStrangers: 1 });
  });

  it.each(Object.keys(NOTHING_WRONG))('is wrong for a single case of %s', (wrong) => {
    expect(isRight({ stored: 2, ...NOTHING_WRONG, [wrong]: 1 })).toBe(false);
  });
});
