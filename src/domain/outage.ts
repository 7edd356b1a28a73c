export type Dependency = 'counter' | 'event-log' | 'database';

/** A store could not be asked: of this question nothing was done. The adapter puts the driver's error into `cause`. */
export class Unavailable extends Error {
  readonly dependency: Dependency;

  constructor(dependency: Dependency, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'Unavailable';
    this.dependency = dependency;
  }
}

/** A store was asked and did not answer in time: what was asked may have happened, or may still happen. */
export class OutcomeUnknown extends Error {
  readonly dependency: Dependency;

  constructor(dependency: Dependency, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'OutcomeUnknown';
    this.dependency = dependency;
  }
}

export const isOutage = (error: unknown): error is Unavailable | OutcomeUnknown =>
  error instanceof Unavailable || error instanceof OutcomeUnknown;
