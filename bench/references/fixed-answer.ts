/** An answer of the service, for a reference to give the same to everybody. */
export interface FixedAnswer {
  readonly body: string;
  readonly location: string;
  readonly contentType: string;
}
