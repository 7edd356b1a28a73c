import { describe, expect, it } from 'vitest';
import { readOptions } from '../../../bench/strategies/laboratory/options.ts';

const read = (...args: readonly string[]) => readOptions(args, ['one', 'other']);

describe('the options of the laboratory', () => {
  it('are the full comparison in both sections unless told otherwise', () => {
    expect(read()).toMatchObject({
      users: 20_000,
      coupons: 2_000,
      presses: 25_000,
      rounds: 3,
      sections: ['burst', 'kill'],
    });
  });

  it('are small and one round where it is to be quick, but for what is given', () => {
    expect(read('--quick')).toMatchObject({ users: 2_000, coupons: 200, presses: 2_500, rounds: 1 });
    expect(read('--quick', '--users', '100')).toMatchObject({ users: 100, presses: 125, coupons: 200 });
  });

  it('choose strategies and the section with the kill', () => {
    expect(read('--only', 'one', '--kill')).toMatchObject({ only: ['one'], sections: ['kill'] });
  });

  it.each([
    [['--users', '0'], '--users'],
    [['--rounds', '1.5'], '--rounds'],
    [['--presses', '60001'], '--presses'],
    [['--presses', '19999'], '--presses'],
    [['--only', 'one,none'], 'there is no none'],
    [['--unheard-of'], 'unheard-of'],
  ])('refuse %j', (args, complaint) => {
    expect(() => read(...args)).toThrow(complaint);
  });
});
