/** What the generator is to send. */
export interface Plan {
  /** Connections take turns in these ports of 127.0.0.1. */
  readonly ports: readonly number[];
  /** Requests take turns in these campaigns; their names have the same length. */
  readonly campaigns: readonly string[];
  /** The first of as many users as there are requests: each applies once. At most nine digits. */
  readonly firstUser: number;
  /** Opened before the first request; each has one request in flight at most. */
  readonly connections: number;
  /** So many are sent at most, and none later than so many seconds after the first. */
  readonly requests: number;
  readonly seconds: number;
  /** Requests per second, whatever is answered (open); null: each connection sends when it was answered (closed). */
  readonly rate: number | null;
  /** The first answer with another status ends the run with an error. */
  readonly expected: readonly number[];
}

export interface Report {
  readonly firstUser: number;
  readonly requests: number;
  /** When the first request was sent, in milliseconds since 1970. */
  readonly startedAt: number;
  /** From the first request sent to the last answer read. */
  readonly seconds: number;
  /** CPU of the generator in that time. */
  readonly cpuSeconds: number;
  /** How many answers had each status. */
  readonly statuses: ReadonlyMap<number, number>;
  /** The first answer with each status, as it came. */
  readonly samples: ReadonlyMap<number, string>;
  /** By request, in µs: from when it was sent, or, with a rate, from when it was due. */
  readonly waits: Uint32Array;
  /** By request: the sequence it was told, or 0. */
  readonly sequences: Uint32Array;
}

/** Users have this many digits, so that requests have the same length and a sequence the same place in an answer. */
export const FIRST_USER = 100_000_000;
export const LAST_USER = 999_999_999;
