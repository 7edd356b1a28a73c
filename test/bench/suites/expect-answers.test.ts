import { expect, test } from 'vitest';
import { expectAnswers } from '../../../bench/suites/campaign/expect-answers.ts';

const answers = (accepted: number, refused: number, refusal = '"type":"/problems/sold-out"') => ({
  requests: 100,
  statuses: new Map([
    [202, accepted],
    [409, refused],
  ]),
  samples: new Map([[409, refusal]]),
});

test('a campaign of which every coupon was given, and everybody else was told so, passes', () => {
  expect(() => expectAnswers(answers(10, 90), 10)).not.toThrow();
});

test.each([
  ['more were accepted than there were coupons', answers(11, 89), '11 were accepted'],
  ['a coupon was left', answers(9, 91), '9 were accepted'],
  ['somebody was told something else', answers(10, 89), '89 refused'],
  ['the refusal was another one', answers(10, 90, '"type":"/problems/ended"'), 'not as sold out'],
])('a campaign does not pass where %s', (_, told, complaint) => {
  expect(() => expectAnswers(told, 10)).toThrow(complaint);
});
