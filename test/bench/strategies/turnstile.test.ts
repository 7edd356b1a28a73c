import { describe, expect, it } from 'vitest';
import { Turnstile } from '../../../bench/strategies/laboratory/turnstile.ts';

const crowd = [
  { userId: 'a', presses: 2 },
  { userId: 'b', presses: 1 },
  { userId: 'c', presses: 3 },
];

describe('the turnstile', () => {
  it('sends a second press to the other process, before anybody who has not come yet', () => {
    const turnstile = new Turnstile(crowd, 2);
    expect([turnstile.next(0), turnstile.next(1), turnstile.next(1), turnstile.next(0)]).toEqual(['a', 'a', 'b', 'c']);
    expect([turnstile.next(1), turnstile.next(0)]).toEqual(['c', 'c']);
  });

  it('hands out every press exactly once, whoever asks', () => {
    for (const processes of [1, 2]) {
      const turnstile = new Turnstile(crowd, processes);
      const pressed = Array.from({ length: 7 }, () => turnstile.next(0));
      expect(pressed.filter((each) => each === 'a')).toHaveLength(2);
      expect(pressed.filter((each) => each === 'b')).toHaveLength(1);
      expect(pressed.filter((each) => each === 'c')).toHaveLength(3);
      expect(pressed[6]).toBeNull();
    }
  });
});
