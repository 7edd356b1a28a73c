/** Waiting and chance, so that a simulation can run the same use cases under one seeded scheduler. */
export interface Scheduler {
  /** Resolves after about so many milliseconds, or at once when the signal is aborted. Never rejects. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** A number in [0, 1). */
  random(): number;
  /** A text that nobody can guess and that is never given twice. */
  token(): string;
}
