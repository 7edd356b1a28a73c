import { describe, expect, it } from 'vitest';
import type { Holder } from '../../src/domain/counter-standing.ts';
import { type RecordedHolding, SequenceComparison } from '../../src/domain/sequence-comparison.ts';
import type { UserId } from '../../src/domain/user-id.ts';
import { UsersBySequence } from '../../src/domain/users-by-sequence.ts';

describe('users by sequence', () => {
  it('keep every user of a sequence, once', () => {
    const users = new UsersBySequence();
    users.add(7, 2n ** 63n - 1n);
    users.add(7, 2n ** 63n - 1n);
    users.add(7, 5n);
    users.add(7, 5n);
    users.add(2_147_483_647, 6n);
    expect([users.first(7), users.others(7), users.first(8)]).toEqual([2n ** 63n - 1n, [5n], 0n]);
    expect([users.has(7, 5n), users.has(7, 6n), users.has(2_147_483_647, 6n)]).toEqual([true, false, true]);
  });

  it('keep a void, whether it was seen before or after the grant', () => {
    const users = new UsersBySequence();
    users.add(1, 5n);
    users.add(1, -5n);
    users.add(2, -5n);
    users.add(2, 5n);
    expect([users.first(1), users.others(1), users.first(2), users.others(2)]).toEqual([-5n, [], -5n, []]);
  });
});

describe('a million holders', () => {
  it('are compared in at most 50 MB', { timeout: 60_000 }, () => {
    const million = 1_000_000;
    const pageSize = 5_000;
    const before = process.memoryUsage().arrayBuffers;
    const log = new UsersBySequence();
    const comparison = new SequenceComparison(million, million);
    for (let from = 1; from <= million; from += pageSize) {
      const sequences = Array.from({ length: pageSize }, (_, index) => from + index);
      const userOf = (sequence: number) => String(sequence * 7) as UserId;
      const holders: Holder[] = sequences.map((sequence) => ({ userId: userOf(sequence), sequence, voided: false }));
      const holdings = sequences.map(
        (sequence): RecordedHolding => ({ place: 'coupon', sequence, userId: userOf(sequence), isUntold: false }),
      );
      comparison.addCounted(holders);
      comparison.addRecorded(holdings);
      for (const sequence of sequences) log.add(sequence, BigInt(sequence * 7));
    }
    comparison.compare(1, million, { users: log, from: 1 });
    expect(comparison.found).toEqual([]);
    const held = (process.memoryUsage().arrayBuffers - before) / 2 ** 20;
    expect(held).toBeGreaterThan(20);
    expect(held).toBeLessThan(50);
  });
});
