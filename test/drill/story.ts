import { setTimeout as sleep } from 'node:timers/promises';
import { LoadRun } from '../../scripts/load/load.ts';
import { seededNumbers } from '../support/seeded.ts';
import { Giveaway, type Terms } from './giveaway.ts';
import { Operator } from './operator.ts';
import type { Scene } from './scene.ts';

/** The shares of all applications: two lasting campaigns, and about as many small ones at a time. */
const LASTING_SHARE = 0.28;
const SMALL_SHARE = 0.22;
const LASTING_LIMIT = 10_000_000;
const SMALL_LASTS = 20_000;
const SMALL_EVERY = 12_000;
const USERS_EACH = 1_000_000_000n;
/** Some of the users are above what a double holds. */
const FIRST_USER = 2n ** 53n - 3n * USERS_EACH;

/** What an operator does to a campaign, and when: milliseconds after its opening, times relative to that moment. */
interface Script {
  readonly opened: Terms;
  readonly changes: readonly { readonly after: number; readonly to: Partial<Terms> }[];
}

const ALWAYS = { startsAt: null, endsAt: null };

/** In turn: sold out, with opening hours, raised twice, lowered, ended early, extended. */
const SCRIPTS: readonly ((limit: number) => Script)[] = [
  (limit) => ({ opened: { limit, ...ALWAYS }, changes: [] }),
  (limit) => ({ opened: { limit, startsAt: 3_000, endsAt: 14_000 }, changes: [] }),
  (limit) => ({
    opened: { limit, ...ALWAYS },
    changes: [
      { after: 6_000, to: { limit: Math.ceil(1.3 * limit) } },
      { after: 12_000, to: { limit: Math.ceil(1.6 * limit) } },
    ],
  }),
  (limit) => ({ opened: { limit: 3 * limit, ...ALWAYS }, changes: [{ after: 4_000, to: { limit } }] }),
  (limit) => ({ opened: { limit: 2 * limit, ...ALWAYS }, changes: [{ after: 5_000, to: { endsAt: 8_000 } }] }),
  (limit) => ({
    opened: { limit: 2 * limit, startsAt: null, endsAt: 6_000 },
    changes: [{ after: 3_000, to: { endsAt: 15_000 } }],
  }),
];

/** The campaigns of a drill, several at once and one after the other, and everybody who applies for them. */
export class Story {
  readonly giveaways = new Map<string, Giveaway>();
  readonly #scene: Scene;
  readonly #evidence: string;
  readonly #seed: number;
  readonly #rate: number;
  readonly #random: () => number;
  readonly #stopping = new AbortController();
  readonly #operator: Operator;
  readonly #loads: LoadRun[] = [];
  readonly #small: Promise<unknown>[] = [];

  constructor(scene: Scene, evidence: string, { seed, rate }: { readonly seed: number; readonly rate: number }) {
    this.#scene = scene;
    this.#evidence = evidence;
    this.#seed = seed;
    this.#rate = rate;
    this.#random = seededNumbers(seed);
    this.#operator = new Operator(scene.fleet.urls, this.#stopping.signal);
  }

  async start(): Promise<void> {
    for (const id of this.#scene.lastingCampaigns) {
      const giveaway = this.#add(id);
      await this.#operator.open(giveaway, { limit: LASTING_LIMIT, ...ALWAYS });
      this.#apply(giveaway, this.#rate * LASTING_SHARE, Number.POSITIVE_INFINITY);
    }
    this.#small.push(this.#goOn());
  }

  /** Nothing is asked or changed any more. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#loads.map((load) => load.stop()));
    await Promise.all(this.#small);
    for (const { history } of this.giveaways.values()) history.close();
  }

  get sent(): number {
    return this.#loads.reduce((sum, { progress }) => sum + progress.sent, 0);
  }

  /** What the load tester could not send, as too much was unanswered. */
  get notSent(): number {
    return this.#loads.reduce((sum, { progress }) => sum + progress.notSent, 0);
  }

  #add(id: string): Giveaway {
    const giveaway = new Giveaway(id, FIRST_USER + USERS_EACH * BigInt(this.giveaways.size), this.#evidence);
    this.giveaways.set(id, giveaway);
    return giveaway;
  }

  async #goOn(): Promise<void> {
    for (let number = 1; !this.#stopping.signal.aborted; number += 1) {
      const given = this.#give(number);
      // What goes wrong is told by `stop`; until then the faults go on.
      given.catch(() => {});
      this.#small.push(given);
      await this.#pause(SMALL_EVERY);
    }
  }

  async #give(number: number): Promise<void> {
    const limit = Math.ceil(this.#rate * (0.5 + this.#random()));
    const script = SCRIPTS[(number - 1) % SCRIPTS.length]?.(limit);
    if (script === undefined) return;
    const giveaway = this.#add(`small-${number}`);
    const openedAt = Date.now();
    if (!(await this.#operator.open(giveaway, { ...script.opened, ...absolute(script.opened, openedAt) }))) return;
    this.#apply(giveaway, this.#rate * SMALL_SHARE, SMALL_LASTS);
    for (const { after, to } of script.changes) {
      await this.#pause(openedAt + after - Date.now());
      if (this.#stopping.signal.aborted) return;
      if (!(await this.#operator.change(giveaway, { ...to, ...absolute(to, openedAt) }))) return;
    }
  }

  #apply({ id, firstUser, history }: Giveaway, rate: number, duration: number): void {
    const load = new LoadRun(
      {
        campaignId: id,
        urls: () => this.#scene.fleet.urls,
        model: { kind: 'open', rate, maxInFlight: 1_000 },
        requests: Number.POSITIVE_INFINITY,
        duration,
        users: duration === Number.POSITIVE_INFINITY ? 1_000_000 : Math.ceil((rate * duration * 0.8) / 1_000),
        firstUser,
        seed: this.#seed + this.#loads.length,
        duplicates: 0.1,
        retries: 2,
        timeout: 5_000,
      },
      history,
    );
    this.#loads.push(load);
    load.start();
  }

  #pause(milliseconds: number): Promise<void> {
    return sleep(Math.max(0, milliseconds), undefined, { signal: this.#stopping.signal }).catch(() => {});
  }
}

/** The hours of a script as times of day. */
function absolute(terms: Partial<Terms>, openedAt: number): Partial<Terms> {
  const at = (time: number | null) => (time === null ? null : openedAt + time);
  return {
    ...(terms.startsAt !== undefined && { startsAt: at(terms.startsAt) }),
    ...(terms.endsAt !== undefined && { endsAt: at(terms.endsAt) }),
  };
}
