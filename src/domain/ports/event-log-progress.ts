/** The end of the event log at one moment: the next offset of every partition. */
export type LogPosition = ReadonlyMap<number, bigint>;

/**
 * How far the consumers of the event log are. Rejects with `Unavailable` when the log cannot be asked.
 *
 * Each sentence here is a test in test/contracts/event-log-progress.contract.ts.
 */
export interface EventLogProgress {
  /** The end of every partition, empty ones included. */
  end(): Promise<LogPosition>;
  /**
   * The offsets that the group has committed; partitions without a commit count from their beginning.
   * The group has passed an end once it has committed all of it.
   * A commit beyond the end was made on a log that is gone, and counts for nothing.
   */
  committed(): Promise<LogPosition>;
}

export const hasPassed = (committed: LogPosition, position: LogPosition): boolean => {
  for (const [partition, offset] of position) {
    if ((committed.get(partition) ?? 0n) < offset) return false;
  }
  return true;
};

/** Events that lie between what is committed and the end. */
export const lagOf = (committed: LogPosition, end: LogPosition): number => {
  let lag = 0n;
  for (const [partition, offset] of end) {
    const behind = offset - (committed.get(partition) ?? 0n);
    if (behind > 0n) lag += behind;
  }
  return Number(lag);
};
