/**
 * At most one process leads at a time, as far as locks can promise that: whatever a leader does is fenced by epochs
 * and versions as well, because a paused process wakes up believing that it leads.
 */
export interface Leadership {
  /** Leads from now on, or still leads: true. Somebody else leads, or nobody can be asked: false. Never rejects. */
  hold(): Promise<boolean>;
  release(): Promise<void>;
}
