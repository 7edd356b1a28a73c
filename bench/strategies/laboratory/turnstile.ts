import type { Applicant } from './crowd.ts';

/**
 * Hands out presses, one at a time. A user's second press goes to another process than his first and before everybody
 * who has not come yet, so that both are on their way at nearly the same moment.
 */
export class Turnstile {
  readonly #crowd: Iterator<Applicant>;
  readonly #second: readonly string[][];

  constructor(crowd: Iterable<Applicant>, processes: number) {
    this.#crowd = crowd[Symbol.iterator]();
    this.#second = Array.from({ length: processes }, () => []);
  }

  /** The user whose press this process gets next; null: everybody has pressed. */
  next(process: number): string | null {
    const waiting = this.#second[process]?.shift();
    if (waiting !== undefined) return waiting;
    const next = this.#crowd.next();
    // What was meant for another process, which may have ended meanwhile.
    if (next.done === true) return this.#second.find(({ length }) => length > 0)?.shift() ?? null;
    const { userId, presses } = next.value;
    for (let press = 1; press < presses; press += 1) {
      this.#second[(process + press) % this.#second.length]?.push(userId);
    }
    return userId;
  }
}
