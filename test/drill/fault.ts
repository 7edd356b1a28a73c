/** What kind of thing happens; the published table tells the first three apart from the others. */
export type Family = 'kill' | 'freeze' | 'loss' | 'cut' | 'delay' | 'swallow';

/** One disturbance, and how it is undone. */
export interface Cause {
  /** For the log: to whom, and how much. */
  readonly detail: string;
  /** How long it lasts, in milliseconds. */
  readonly lasts: number;
  begin(): unknown;
  /** Resolves when the cause is gone. */
  end(): unknown;
  /** The campaign that has to recover; absent: whichever is open. */
  readonly campaignId?: string;
}

export interface FaultKind {
  readonly name: string;
  readonly family: Family;
  /** What only one fault at a time may touch. */
  readonly touches: readonly string[];
  /** Draws everything that is random about it. */
  plan(random: () => number): Cause;
}

/** One fault of a run, as it is kept in the results. */
export interface FaultRecord {
  readonly number: number;
  readonly kind: string;
  readonly family: Family;
  readonly detail: string;
  /** Milliseconds since the drill began. */
  readonly beganAt: number;
  readonly goneAt: number;
  /**
   * Milliseconds from the moment its cause was gone, or from the last moment at which the cause of another one beside it
   * went; null: it did not recover in time.
   */
  readonly recovery: number | null;
  /** Of the machine, for a minute, when it began: figures of a machine that is busy with other things mean little. */
  readonly load: number;
  /** The kinds of the other faults that were there between its beginning and its recovery. */
  readonly beside: readonly string[];
}
