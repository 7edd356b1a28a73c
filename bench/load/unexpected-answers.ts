/** Answers with a status that the plan does not expect. */
export class UnexpectedAnswers extends Error {
  /** All of them were 503: a machine that stands still for a moment has these answers, and they are right. */
  readonly areUnavailable: boolean;

  constructor(message: string, areUnavailable: boolean) {
    super(message);
    this.name = 'UnexpectedAnswers';
    this.areUnavailable = areUnavailable;
  }
}
