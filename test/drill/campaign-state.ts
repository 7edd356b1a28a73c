/** Sequences by user, users as decimal text. */
export type Holders = Map<string, number>;

export interface Event {
  readonly userId: string;
  readonly sequence: number;
  readonly epoch: number;
  /** Milliseconds since 1970, by the clock of Redis. */
  readonly grantedAt: number;
}

/** What lies about one campaign in the three servers, read when nothing moves any more. */
export interface CampaignState {
  readonly limit: number;
  readonly ceiling: number;
  readonly coupons: Holders;
  /** Of open failed events that hold a slot. */
  readonly held: Holders;
  readonly burnt: { readonly sequence: number; readonly userId: string | null }[];
  /** Users with two coupons, or two sequences held. */
  readonly duplicates: string[];
  /** By reason, whatever their status. */
  readonly failedEvents: Map<string, number>;
  readonly events: Event[];
  /** How many disagreements the service's own reconciliation has found, now or at any time before, and the first of them. */
  readonly alarms: { readonly count: number; readonly report: string }[];
  /** Null: Redis does not know the campaign. */
  readonly counter: {
    readonly limit: number;
    readonly ceiling: number;
    readonly counter: number;
    readonly holes: number;
    readonly pending: number;
    /** A voided user has his sequence below zero. */
    readonly users: Holders;
  } | null;
}
