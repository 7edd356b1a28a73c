/**
 * At most one process leads at a time, as far as locks can promise that: whatever a leader does is fenced by epochs
 * and versions as well, because a paused process wakes up believing that it leads.
 *
 * Each sentence below is a test in test/contracts/leadership.contract.ts, or for MySQL in test/adapters/mikro-orm.
 */
export interface Leadership {
  /** Leads from now on, or still leads: true. Somebody else leads, or nobody can be asked: false. Never rejects. */
  hold(): Promise<boolean>;
  /** Lets another lead; releases nothing that somebody else holds. */
  release(): Promise<void>;
}
