/** Which life of the whole counter this is. Two installations never share one. */
export interface Incarnation {
  readonly installation: string;
  readonly number: number;
}

/**
 * Keeps the counter's incarnation in the permanent record. Rejects with `Unavailable` when it cannot be asked.
 * Each sentence below is a test in test/contracts/incarnations.contract.ts.
 */
export interface Incarnations {
  current(): Promise<Incarnation>;
  /**
   * Raises the incarnation by one and answers the new one; it never goes back. However many raise it, no two are
   * answered the same.
   */
  raise(): Promise<Incarnation>;
}
