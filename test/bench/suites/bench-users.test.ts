import { expect, test } from 'vitest';
import { benchUser, benchUsers } from '../../../bench/suites/counter/bench-users.ts';

test('users of the bench are all different, of 19 digits, and in no order', () => {
  const users = benchUsers(0, 100_000);
  expect(new Set(users).size).toBe(100_000);
  expect(users.every((user) => /^4[0-9]{18}$/.test(user))).toBe(true);
  expect(users).not.toEqual(users.toSorted());
});

test('a user has the same number wherever counting begins', () => {
  expect(benchUsers(7, 2)).toEqual([benchUser(7), benchUser(8)]);
});
