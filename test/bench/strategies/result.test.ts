import { describe, expect, it } from 'vitest';
import type { Judgement } from '../../../bench/strategies/laboratory/judge.ts';
import { rowOf } from '../../../bench/strategies/laboratory/result.ts';
import type { Trial } from '../../../bench/strategies/laboratory/trial.ts';

const RIGHT: Judgement = {
  stored: 100,
  oversold: 0,
  undersold: 0,
  usersWithTwo: 0,
  toldNotIssued: 0,
  issuedToldNo: 0,
  toldBoth: 0,
  issuedToStrangers: 0,
};

const trial = (judgement: Partial<Judgement>, measured: Partial<Trial> = {}): Trial => ({
  judgement: { ...RIGHT, ...judgement },
  requests: 1_000,
  errors: 0,
  usersServed: 800,
  stoppedAfter: null,
  requestsPerSecond: 500,
  p50: 1,
  p95: 2,
  p99: 3,
  secondsUntilStored: 4,
  databaseCpuSeconds: 5,
  statements: 2_000,
  stalledSeconds: 0.1,
  ...measured,
});

const contender = {
  name: 'a-strategy',
  title: 'a strategy',
  processes: 2,
  start: () => Promise.reject(new Error('nobody starts it')),
};
const row = (...trials: readonly Trial[]) => rowOf(contender, { limit: 100, users: 800 }, trials);

describe('the row of a strategy', () => {
  it('tells of every count the worst round, and how many rounds were wrong', () => {
    const said = row(
      trial({ stored: 103, oversold: 3 }),
      trial({}),
      trial({ stored: 101, oversold: 1, usersWithTwo: 9 }),
    );
    expect(said).toMatchObject({ stored: 103, oversold: 3, usersWithTwo: 9, undersold: 0, rounds: 3, roundsWrong: 2 });
  });

  it('tells of coupons that are missing as well as of those too many', () => {
    expect(row(trial({ stored: 100 }), trial({ stored: 91, undersold: 9 }), trial({ stored: 102 })).stored).toBe(91);
  });

  it('tells the median of what was measured, and statements by request', () => {
    const said = row(
      trial({}, { requestsPerSecond: 10, statements: 4_000 }),
      trial({}, { requestsPerSecond: 900 }),
      trial({}, { requestsPerSecond: 30 }),
    );
    expect(said).toMatchObject({ requestsPerSecond: 30, statements: 2_000, statementsPerRequest: 2 });
  });

  it('tells that one round was stopped, and the fewest users who were served', () => {
    const said = row(trial({}), trial({}, { stoppedAfter: 15, usersServed: 321 }), trial({}));
    expect(said).toMatchObject({ stoppedAfter: 15, usersServed: 321, users: 800 });
    expect(row(trial({})).stoppedAfter).toBeNull();
  });

  it('cannot be told of no round at all', () => {
    expect(() => row()).toThrow(RangeError);
  });
});
