import type { Instant } from '../campaign.ts';
import type { Grant } from '../grant.ts';
import type { LogPosition } from './event-log-progress.ts';

/** By which a record is recognised: no other ever has the same position and time in one log. */
export interface LogMark {
  readonly offset: bigint;
  readonly appendedAt: Instant;
}

/** How far one partition has been read. */
export interface PartitionReading {
  /** The oldest record that was there at the first reading; null while it was empty. */
  readonly first: LogMark | null;
  /** The record that was read last. */
  readonly last: LogMark | null;
  /** Where the next reading begins. */
  readonly next: bigint;
}

export type LogReading = ReadonlyMap<number, PartitionReading>;

export type ReadOutcome =
  | { readonly kind: 'read'; readonly reading: LogReading }
  /** The log is not the one that was read before: it was deleted and created again. Nothing is assumed of it. */
  | { readonly kind: 'another-log' };

/**
 * Reads the event log beside those who issue coupons from it.
 *
 * Rejects with `Unavailable` when the log cannot be asked, or stops answering. Each sentence below is a test in test/contracts/event-log-reader.contract.ts.
 */
export interface EventLogReader {
  /**
   * Hands over every grant that can be read up to an end, in pages; of an empty reading, from the beginning of the log.
   * A later reading goes on where an earlier one ended.
   * What no grant can be read from is passed over.
   * A log that has lost its beginning is read from where it begins now, and the reading says where that is.
   * A log that was created again is another log, also when it is longer by then.
   * The group that issues coupons notices nothing.
   * Gives up when the signal is aborted.
   */
  read(
    reading: LogReading,
    end: LogPosition,
    take: (grants: readonly Grant[]) => void,
    signal: AbortSignal,
  ): Promise<ReadOutcome>;
}
