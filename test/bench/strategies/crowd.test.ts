import { describe, expect, it } from 'vitest';
import { crowdOf } from '../../../bench/strategies/laboratory/crowd.ts';

const plan = { users: 1_000, presses: 1_400, seed: 7 };

describe('the crowd', () => {
  it('is the same for the same plan, and another for another seed', () => {
    expect(crowdOf(plan)).toEqual(crowdOf(plan));
    expect(crowdOf({ ...plan, seed: 8 })).not.toEqual(crowdOf(plan));
  });

  it('has every user once, and exactly the presses of the plan', () => {
    const crowd = crowdOf(plan);
    expect(new Set(crowd.map(({ userId }) => userId)).size).toBe(1_000);
    expect(crowd.reduce((sum, { presses }) => sum + presses, 0)).toBe(1_400);
    expect(new Set(crowd.map(({ presses }) => presses))).toEqual(new Set([1, 2, 3]));
  });

  it('can press three times each, and not more', () => {
    const all = crowdOf({ ...plan, presses: 3_000 });
    expect(all.every(({ presses }) => presses === 3)).toBe(true);
    expect(() => crowdOf({ ...plan, presses: 3_001 })).toThrow(RangeError);
    expect(() => crowdOf({ ...plan, presses: 999 })).toThrow(RangeError);
  });
});
