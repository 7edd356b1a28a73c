import { setTimeout as sleep } from 'node:timers/promises';
import { ADMIN_TOKEN } from './fleet.ts';
import type { Giveaway, Terms } from './giveaway.ts';

const PATIENCE = 5_000;
const AGAIN_AFTER = 300;

/** Opens campaigns and changes them, and repeats every request until it is answered well, at whichever API. */
export class Operator {
  readonly #urls: readonly string[];
  readonly #signal: AbortSignal;
  #asked = 0;

  constructor(urls: readonly string[], signal: AbortSignal) {
    this.#urls = urls;
    this.#signal = signal;
  }

  /** False: it was stopped before. */
  async open(giveaway: Giveaway, terms: Terms): Promise<boolean> {
    giveaway.ask(terms);
    return this.#until('PUT', giveaway.id, { name: `Campaign ${giveaway.id}`, ...shown(terms) });
  }

  async change(giveaway: Giveaway, change: Partial<Terms>): Promise<boolean> {
    const before = giveaway.terms;
    const terms = { ...before, ...change };
    const inForce = giveaway.ask(terms);
    const { limit, startsAt, endsAt } = shown(terms);
    const changed = {
      ...(terms.limit !== before.limit && { limit }),
      ...(terms.startsAt !== before.startsAt && { startsAt }),
      ...(terms.endsAt !== before.endsAt && { endsAt }),
    };
    if (!(await this.#until('PATCH', giveaway.id, changed))) return false;
    inForce();
    return true;
  }

  async #until(method: string, id: string, body: object): Promise<boolean> {
    while (!this.#signal.aborted) {
      const url = this.#urls[this.#asked++ % this.#urls.length];
      const status = await this.#ask(`${url}/admin/campaigns/${id}`, method, body).catch(() => 0);
      if (status === 200 || status === 201) return true;
      if (status >= 400 && status < 500) throw new Error(`${method} of ${id} is answered ${status}`);
      await sleep(AGAIN_AFTER);
    }
    return false;
  }

  async #ask(url: string, method: string, body: object): Promise<number> {
    const answer = await fetch(url, {
      method,
      headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE),
    });
    await answer.arrayBuffer();
    return answer.status;
  }
}

const time = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());
const shown = ({ limit, startsAt, endsAt }: Terms) => ({ limit, startsAt: time(startsAt), endsAt: time(endsAt) });
