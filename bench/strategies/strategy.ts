export interface Campaign {
  readonly id: string;
  readonly limit: number;
}

/** What the applicant is told. `already`: he has applied before, and there is nothing more to do. */
export type Decision = 'accepted' | 'already' | 'sold-out';

/** Rejects where nothing can be decided: the applicant is told 503 and may ask again. */
export type Apply = (campaign: Campaign, userId: string) => Promise<Decision>;

export interface Servers {
  /** `mysql://…` of a database with the tables of `coupon-table.ts`. */
  readonly mysql: string;
  readonly redis: string;
  /** `host:port` */
  readonly kafka: string;
  /** There only for a strategy that consumes. */
  readonly topic: string;
}

/** One way to give the coupons of a campaign to the first who ask, as those who recommend it write it. */
export interface Strategy {
  readonly name: string;
  readonly title: string;
  /**
   * Whether the table refuses a second coupon of a user. Only where the steps need that: a strategy is to keep its
   * promises by what it is.
   */
  readonly uniqueUsers: boolean;
  /** Once in every API process. */
  open(servers: Servers): Promise<Apply>;
  /** Once, in a process of its own. Resolves when it takes events. */
  consume?(servers: Servers): Promise<void>;
}
