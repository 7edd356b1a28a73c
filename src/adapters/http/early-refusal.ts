import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Problem } from './problem.ts';
import { endWithProblem } from './raw-problem.ts';

/** The answer to a request for which nothing else is to be done; null: it is served. */
export type RefuseEarly = (request: IncomingMessage) => Problem | null;

/** The next one does not wait: what waits takes memory. */
const MOST_HELD = 20_000;

/**
 * Refuses before any routing, and not at once: who is refused at once is back at once, and a crowd that is ten times
 * what the process can serve would leave it no time for anything but refusals. The answer says "in a second or
 * more" anyway, and until it comes its connection asks for nothing else.
 */
export class EarlyRefusal {
  readonly #refuseEarly: RefuseEarly;
  readonly #hold: number;
  readonly #mostHeld: number;
  #held = 0;

  /** @param hold milliseconds between the request and its refusal */
  constructor(refuseEarly: RefuseEarly, hold: number, mostHeld = MOST_HELD) {
    this.#refuseEarly = refuseEarly;
    this.#hold = hold;
    this.#mostHeld = mostHeld;
  }

  /** True: the request is, or will be, answered. */
  takes(request: IncomingMessage, response: ServerResponse): boolean {
    const problem = this.#refuseEarly(request);
    if (problem === null) return false;
    if (this.#held === this.#mostHeld) {
      endWithProblem(response, problem);
      return true;
    }
    this.#held += 1;
    setTimeout(() => {
      this.#held -= 1;
      endWithProblem(response, problem);
    }, this.#hold);
    return true;
  }
}
