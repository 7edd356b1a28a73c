import { describe, expect, test } from 'vitest';
import { Unavailable } from '../../src/domain/outage.ts';
import { type EventLogProgress, hasPassed, lagOf } from '../../src/domain/ports/event-log-progress.ts';

/** A log of two partitions. */
export interface ProgressUnderTest extends AsyncDisposable {
  readonly progress: EventLogProgress;
  append(partition: number, events: number): Promise<void>;
  commit(partition: number, offset: bigint): Promise<void>;
  /** From now on the log cannot be asked. */
  cutOff(): void;
}

export function eventLogProgressContract(name: string, make: () => Promise<ProgressUnderTest>): void {
  describe(`EventLogProgress, ${name}`, () => {
    test('answers the end of every partition, empty ones included', async () => {
      await using subject = await make();
      await subject.append(0, 3);
      expect(new Map(await subject.progress.end())).toEqual(
        new Map([
          [0, 3n],
          [1, 0n],
        ]),
      );
    });

    test('answers the offsets that the group has committed; partitions without a commit count from their beginning', async () => {
      await using subject = await make();
      await subject.append(0, 3);
      await subject.append(1, 2);
      await subject.commit(1, 2n);
      expect(new Map(await subject.progress.committed())).toEqual(
        new Map([
          [0, 0n],
          [1, 2n],
        ]),
      );
    });

    test('the group has passed an end once it has committed all of it', async () => {
      await using subject = await make();
      await subject.append(0, 2);
      const end = await subject.progress.end();
      await subject.commit(0, 1n);
      expect(hasPassed(await subject.progress.committed(), end)).toBe(false);
      expect(lagOf(await subject.progress.committed(), end)).toBe(1);
      await subject.commit(0, 2n);
      await subject.append(1, 4);
      expect(hasPassed(await subject.progress.committed(), end)).toBe(true);
    });

    test('a commit beyond the end was made on a log that is gone, and counts for nothing', async () => {
      await using subject = await make();
      await subject.append(0, 2);
      await subject.append(1, 2);
      const end = await subject.progress.end();
      await subject.commit(0, 2n);
      await subject.commit(1, 500n);
      const committed = await subject.progress.committed();
      expect(new Map(committed)).toEqual(
        new Map([
          [0, 2n],
          [1, 0n],
        ]),
      );
      expect(hasPassed(committed, end)).toBe(false);
      expect(lagOf(committed, end)).toBe(2);
    });

    test('rejects with Unavailable when the log cannot be asked', async () => {
      await using subject = await make();
      subject.cutOff();
      await expect(subject.progress.end()).rejects.toBeInstanceOf(Unavailable);
      await expect(subject.progress.committed()).rejects.toBeInstanceOf(Unavailable);
    });
  });
}
