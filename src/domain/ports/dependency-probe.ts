export interface DependencyState {
  readonly status: 'ready' | 'degraded' | 'unavailable';
  /** What is wrong, and what would be right. */
  readonly detail?: string;
}

/** Asks one outside thing whether it is fit for its work. Never rejects. */
export interface DependencyProbe {
  readonly name: 'redis' | 'kafka' | 'mysql';
  check(): Promise<DependencyState>;
}
