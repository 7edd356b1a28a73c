import { expect, it } from 'vitest';
import type { Exchange } from '../../scripts/load/history.ts';
import type { Truth } from '../../scripts/load/truth.ts';
import { judge, VIOLATIONS, type ViolationKind } from '../../scripts/load/verdict.ts';
import {
  accepted,
  already,
  coupon,
  exchanges,
  refused,
  soldOut,
  type Told4,
  timedOut,
  truth,
  unknown,
} from './exchanges.ts';

const violated = (history: readonly Exchange[], facts: Truth): readonly string[] =>
  (Object.keys(VIOLATIONS) as ViolationKind[]).filter((kind) => judge(history, facts).violations[kind].count > 0);

it('passes a service that keeps its word', () => {
  const history = exchanges(
    ['1', 0, 5, accepted(1)],
    ['1', 1, 6, already(1)],
    ['2', 2, 4, unknown],
    ['2', 9, 12, accepted(2)],
    ['3', 10, 13, timedOut],
    ['4', 20, 21, soldOut],
    ['5', 22, 23, accepted(4)],
    ['6', 24, 25, accepted(5)],
    ['7', 26, 27, refused('voided')],
  );
  const facts = truth({
    1: coupon(1),
    2: coupon(2),
    3: coupon(3),
    5: { state: 'failed-event', sequence: 4 },
    6: { state: 'void', sequence: 5 },
  });
  expect(violated(history, facts)).toEqual([]);
  const verdict = judge(history, facts);
  expect(verdict.good).toBe(true);
  expect(verdict.users.accepted).toEqual({ coupon: 2, 'failed-event': 1, void: 1, none: 0, unsettled: 0 });
  expect(verdict.users.timeout).toMatchObject({ coupon: 1 });
  expect(verdict.users['sold-out']).toMatchObject({ none: 1 });
  expect(verdict.answers.already).toMatchObject({ coupon: 1 });
  expect(verdict.answers.error).toMatchObject({ coupon: 1 });
});

const one: Told4 = ['1', 0, 5, accepted(1)];

it.each<readonly [ViolationKind, readonly Told4[], Truth]>([
  ['accepted-and-nothing', [one], truth({})],
  ['accepted-and-nothing', [['1', 0, 5, already(1)]], truth({})],
  ['accepted-and-unsettled', [one], truth({ 1: { state: 'unsettled', sequence: null } })],
  ['accepted-without-sequence', [['1', 0, 5, accepted(null)]], truth({ 1: coupon(1) })],
  [
    'two-sequences-for-one-user',
    [one, ['1', 6, 7, already(1)], ['1', 8, 9, accepted(2)]],
    truth({ 1: { state: 'coupon', sequence: null } }),
  ],
  [
    'one-sequence-for-two-users',
    [one, ['2', 1, 5, accepted(1)]],
    truth({ 1: coupon(1), 2: { state: 'coupon', sequence: null } }),
  ],
  ['one-sequence-for-two-users', [one], truth({ 1: coupon(1), 2: coupon(1) })],
  ['another-sequence-recorded', [one], truth({ 1: coupon(2) })],
  ['promise-taken-back', [one, ['1', 6, 7, soldOut]], truth({ 1: coupon(1) })],
  ['promise-taken-back', [one, ['1', 6, 7, refused('ended')]], truth({ 1: coupon(1) })],
  ['coupon-after-refusals', [['1', 0, 5, soldOut]], truth({ 1: coupon(1) })],
  [
    'more-promises-than-the-limit',
    [one, ['2', 1, 5, accepted(2)]],
    truth({ 1: coupon(1), 2: { state: 'failed-event', sequence: 2 } }, { limit: 1, burnt: null }),
  ],
  ['more-coupons-than-the-limit', [one], truth({ 1: coupon(1) }, { coupons: 11 })],
  [
    'more-coupons-than-the-limit',
    [
      ['1', 0, 5, timedOut],
      ['2', 0, 5, timedOut],
    ],
    truth({ 1: coupon(1), 2: coupon(2) }, { limit: 1 }),
  ],
  ['sequence-above-the-ceiling', [['1', 0, 5, accepted(13)]], truth({ 1: coupon(13) }, { burnt: 2 })],
  [
    'out-of-order',
    [
      ['1', 0, 5, accepted(2)],
      ['2', 6, 9, accepted(1)],
    ],
    truth({ 1: coupon(2), 2: coupon(1) }),
  ],
  [
    'out-of-order',
    [
      ['1', 0, 5, accepted(2)],
      ['2', 6, 9, timedOut],
    ],
    truth({ 1: coupon(2), 2: coupon(1) }),
  ],
])('finds %s, and nothing else', (kind, told, facts) => {
  expect(violated(exchanges(...told), facts)).toEqual([kind]);
  expect(judge(exchanges(...told), facts)).toMatchObject({ good: false, violations: { [kind]: { count: 1 } } });
  expect(judge(exchanges(...told), facts).violations[kind].examples[0]).toMatch(/[12]/);
});

it('does not call it a broken promise that a promise was on its way when he asked again', () => {
  expect(violated(exchanges(one, ['1', 4, 8, soldOut]), truth({ 1: coupon(1) }))).toEqual([]);
});

it('does not call it a broken promise that an operator voided the grant', () => {
  const facts = truth({ 1: { state: 'void', sequence: 1 }, 2: coupon(2) }, { limit: 1, burnt: 1 });
  const history = exchanges(one, ['1', 6, 7, refused('voided')], ['2', 8, 9, accepted(2)]);
  expect(violated(history, facts)).toEqual([]);
});

it('counts from the first request that can have been granted, not from one that was refused', () => {
  const history = exchanges(['2', 0, 1, refused('not-started')], ['1', 2, 3, accepted(2)], ['2', 4, 5, accepted(1)]);
  expect(violated(history, truth({ 1: coupon(2), 2: coupon(1) }))).toEqual(['out-of-order']);
  const maybe = exchanges(['2', 0, 1, unknown], ['1', 2, 3, accepted(2)], ['2', 4, 5, accepted(1)]);
  expect(violated(maybe, truth({ 1: coupon(2), 2: coupon(1) }))).toEqual([]);
});

it('notes what cannot be proven from outside', () => {
  const history = exchanges(['1', 0, 5, timedOut], ['2', 1, 3, soldOut], ['3', 6, 7, accepted(2)]);
  const { good, notes } = judge(history, truth({ 1: coupon(1), 3: coupon(2) }));
  expect(good).toBe(true);
  expect(notes.join('\n')).toMatch(/1 users have a coupon.*never told/);
  expect(notes.join('\n')).toMatch(/hold 2 of 10/);
  expect(notes.join('\n')).toMatch(/1 users asked for the first time after/);
});
