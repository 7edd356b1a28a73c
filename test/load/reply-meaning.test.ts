import { expect, it } from 'vitest';
import { NoReply } from '../../scripts/load/http-client.ts';
import { answerOf } from '../../scripts/load/reply-meaning.ts';
import { toldBy } from '../../scripts/load/told.ts';

const ASKED = { campaignId: 'spring', user: '7' };
const OWN = { campaignId: 'spring', userId: '7', sequence: 3, status: 'accepted' };
const answer = (status: number, said: unknown) => {
  const body = typeof said === 'string' ? said : JSON.stringify(said);
  return answerOf({ status, body, retryAfter: null, keepAlive: true }, ASKED, 9);
};
const problem = (kind: string) => ({ type: `/problems/${kind}` });

it.each([
  [202, OWN, 'accepted', { kind: 'accepted', sequence: 3 }],
  [200, OWN, 'already', { kind: 'accepted', sequence: 3 }],
  [202, { ...OWN, userId: '8' }, 'accepted', { sequence: null }],
  [202, { ...OWN, campaignId: 'summer' }, 'accepted', { sequence: null }],
  [202, { ...OWN, sequence: 0 }, 'accepted', { sequence: null }],
  [202, { ...OWN, sequence: '3' }, 'accepted', { sequence: null }],
  [202, 'thanks', 'accepted', { kind: 'not-understood', sequence: null, error: 'thanks' }],
  [409, problem('sold-out'), 'sold-out', { kind: 'sold-out' }],
  [409, problem('not-started'), 'refused', { kind: 'not-started' }],
  [409, problem('voided'), 'refused', { kind: 'voided' }],
  [401, problem('unauthenticated'), 'refused', { kind: 'unauthenticated' }],
  [503, problem('outcome-unknown'), 'error', { kind: 'outcome-unknown' }],
  [500, '<html>', 'error', { kind: 'not-understood' }],
  [302, '', 'error', { kind: 'not-understood' }],
])('%d %j is told as %s', (status, said, told, meaning) => {
  expect(answer(status, said)).toMatchObject({ status, answeredAt: 9, ...meaning });
  expect(toldBy(answer(status, said))).toBe(told);
});

it.each([
  ['timeout', 'timeout'],
  ['broken', 'error'],
  ['not-understood', 'error'],
] as const)('no reply, %s, is told as %s', (kind, told) => {
  const meaning = answerOf(new NoReply(kind, 'why'), ASKED, 9);
  expect(meaning).toEqual({ status: 0, answeredAt: 9, kind, sequence: null, error: 'why' });
  expect(toldBy(meaning)).toBe(told);
});
