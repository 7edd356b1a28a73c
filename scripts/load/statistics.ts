import type { Exchange } from './history.ts';
import { type Percentiles, percentiles } from './percentiles.ts';
import { isPromise, isRefusal, TOLD, type Told, toldBy } from './told.ts';

interface Second {
  /** From the first request on. */
  readonly second: number;
  readonly sent: number;
  /** By the second of the answer. */
  readonly accepted: number;
  readonly refused: number;
  readonly failed: number;
  /** Of what was answered in this second. */
  readonly latency: Percentiles | null;
}

export interface Statistics {
  readonly requests: number;
  /** From the first request to the last answer. */
  readonly seconds: number;
  readonly answersPerSecond: number;
  readonly told: Readonly<Record<Told, number>>;
  /** Milliseconds from the intended send time to the answer; what was never answered has none. */
  readonly latency: Readonly<Record<'accepted' | 'refused' | 'all', Percentiles | null>>;
  /** How late the tester itself was: from the intended to the real send time. */
  readonly lateness: Percentiles | null;
  readonly timeline: readonly Second[];
}

/** What a history says about speed. */
export function statisticsOf(history: readonly Exchange[]): Statistics {
  const told = Object.fromEntries(TOLD.map((each) => [each, 0])) as Record<Told, number>;
  const latency = { accepted: [] as number[], refused: [] as number[], all: [] as number[] };
  const lateness: number[] = [];
  const start = history[0]?.sentAt ?? 0;
  const seconds = new Seconds(start);
  let end = start;
  for (const { at, sentAt, answer } of history) {
    const what = toldBy(answer);
    told[what] += 1;
    lateness.push(Math.max(0, sentAt - at));
    seconds.sent(sentAt);
    if (answer === null) continue;
    end = Math.max(end, answer.answeredAt);
    const took = answer.answeredAt - at;
    seconds.answered(answer.answeredAt, what, answer.status === 0 ? null : took);
    if (answer.status === 0) continue;
    latency.all.push(took);
    if (isPromise(what)) latency.accepted.push(took);
    else if (isRefusal(what)) latency.refused.push(took);
  }
  const duration = Math.max(end - start, 1) / 1_000;
  return {
    requests: history.length,
    seconds: duration,
    answersPerSecond: latency.all.length / duration,
    told,
    latency: {
      accepted: percentiles(latency.accepted),
      refused: percentiles(latency.refused),
      all: percentiles(latency.all),
    },
    lateness: percentiles(lateness),
    timeline: seconds.timeline(),
  };
}

interface Bucket {
  sent: number;
  accepted: number;
  refused: number;
  failed: number;
  readonly latencies: number[];
}

class Seconds {
  readonly #start: number;
  readonly #buckets: Bucket[] = [];

  constructor(start: number) {
    this.#start = start;
  }

  sent(when: number): void {
    this.#at(when).sent += 1;
  }

  answered(when: number, told: Told, latency: number | null): void {
    const bucket = this.#at(when);
    if (isPromise(told)) bucket.accepted += 1;
    else if (isRefusal(told)) bucket.refused += 1;
    else bucket.failed += 1;
    if (latency !== null) bucket.latencies.push(latency);
  }

  timeline(): readonly Second[] {
    return this.#buckets.map(({ latencies, ...counts }, second) => ({
      second,
      ...counts,
      latency: percentiles(latencies),
    }));
  }

  #at(when: number): Bucket {
    const second = Math.max(0, Math.floor((when - this.#start) / 1_000));
    for (;;) {
      const bucket = this.#buckets[second];
      if (bucket !== undefined) return bucket;
      this.#buckets.push({ sent: 0, accepted: 0, refused: 0, failed: 0, latencies: [] });
    }
  }
}
