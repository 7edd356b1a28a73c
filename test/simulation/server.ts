import { type Dependency, OutcomeUnknown, Unavailable } from '../../src/domain/outage.ts';
import type { Host } from './host.ts';
import type { Random } from './random.ts';
import type { Timeline } from './timeline.ts';

export interface LineQuality {
  /** Milliseconds of one way, as a rule. */
  readonly usual: readonly [least: number, most: number];
  /** How often a way takes longer, and how long then. */
  readonly slow: number;
  readonly slowest: number;
  /** How often a reply gets lost. */
  readonly lost: number;
  /** How often a request is executed long after its sender gave up. */
  readonly late: number;
  readonly latest: number;
}

export const HEALTHY: LineQuality = { usual: [0.2, 5], slow: 0, slowest: 0, lost: 0, late: 0, latest: 0 };

/** What lies between processes and one server: time, and everything that can happen to a request and to its reply. */
export class Server {
  readonly dependency: Dependency;
  readonly timeline: Timeline;
  readonly #random: Random;
  /** After so many milliseconds a client gives up. */
  readonly #timeout: number;
  quality = HEALTHY;
  isAway = false;
  losesReplies = false;
  calls = 0;

  constructor(dependency: Dependency, timeline: Timeline, random: Random, timeout: number) {
    this.dependency = dependency;
    this.timeline = timeline;
    this.#random = random;
    this.#timeout = timeout;
  }

  /** One request of a process. The work is one atomic step of the server. */
  call<T>(host: Host, work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (!host.isAlive) return;
      this.calls += 1;
      const givesUpAt = host.timerAt(this.#timeout);
      const isLate = this.#random.chance(this.quality.late);
      const arrivesAt = isLate
        ? givesUpAt + this.#random.between(0, this.quality.latest)
        : this.timeline.now + this.oneWay();
      const isLost = isLate || this.#random.chance(this.quality.lost);
      const back = this.oneWay();
      let settled = false;
      const reply = (at: number, settle: () => void): void => {
        if (settled) return;
        settled = true;
        if (at <= givesUpAt) host.deliver(at, settle);
        else host.deliver(givesUpAt, () => reject(this.#unknown()));
      };
      if (arrivesAt > givesUpAt) reply(Number.POSITIVE_INFINITY, reject);
      this.timeline.at(arrivesAt, () => {
        const { now } = this.timeline;
        if (this.isAway) {
          reply(now + back, () => reject(this.#unavailable()));
          return;
        }
        const answersAt = isLost || this.losesReplies ? Number.POSITIVE_INFINITY : now + back;
        work().then(
          (value) => reply(answersAt, () => resolve(value)),
          (error: unknown) => reply(answersAt, () => reject(error)),
        );
      });
    });
  }

  oneWay(): number {
    const { usual, slow, slowest } = this.quality;
    return this.#random.chance(slow)
      ? this.#random.between(usual[1], slowest)
      : this.#random.between(usual[0], usual[1]);
  }

  #unknown(): Error {
    return new OutcomeUnknown(this.dependency, `the ${this.dependency} did not answer`);
  }

  #unavailable(): Error {
    return new Unavailable(this.dependency, `the ${this.dependency} is away`);
  }
}
