import { setTimeout as sleep } from 'node:timers/promises';
import { HttpClient, NoReply } from '../../../scripts/load/http-client.ts';
import { answerOf } from '../../../scripts/load/reply-meaning.ts';
import { seededNumbers } from '../../../test/support/seeded.ts';
import type { Applicant } from './crowd.ts';
import type { Told } from './judge.ts';
import { Turnstile } from './turnstile.ts';

/** An API process as those see it who send requests to it. */
export interface Door {
  readonly url: string;
  /** A closed one gets no new requests while another is open. */
  readonly isOpen: boolean;
}

export interface BurstPlan {
  readonly campaignId: string;
  readonly crowd: readonly Applicant[];
  /** One request at a time on each; they take turns in the doors. */
  readonly connections: number;
  /** Asked before every request: processes come and go. */
  readonly doors: () => readonly Door[];
  /** Milliseconds after which nobody presses any more. */
  readonly within: number;
  /** Milliseconds before the first press that follows an error; twice as many before each further one. */
  readonly pause?: number;
  /** Told how many requests were decided by now, after each. */
  readonly decided?: (requests: number) => void;
}

export interface BurstReport {
  readonly told: ReadonlyMap<string, readonly Told[]>;
  /** In µs, of every request that was decided. */
  readonly waits: Uint32Array;
  /** Milliseconds after the first request, in order. */
  readonly acceptedAt: readonly number[];
  /** Everything that was sent: presses, and what followed an error. */
  readonly requests: number;
  readonly errors: number;
  /** From the first request to the last answer. */
  readonly seconds: number;
  /** Users who were told something certain. */
  readonly usersServed: number;
  /** Somebody had not pressed yet when time was up. */
  readonly wasStopped: boolean;
}

const RETRIES = 3;
const PAUSE = 250;
const PATIENCE = 15_000;

/** Everybody presses as fast as answers come; who is told nothing certain presses again, three times at most. */
export class Burst {
  readonly #plan: BurstPlan;
  readonly #client = new HttpClient();
  readonly #turnstile: Turnstile;
  readonly #random = seededNumbers(1);
  readonly #told = new Map<string, Told[]>();
  readonly #waits: number[] = [];
  readonly #acceptedAt: number[] = [];
  #requests = 0;
  #errors = 0;
  #startedAt = 0;
  #answeredAt = 0;
  #wasStopped = false;

  constructor(plan: BurstPlan) {
    this.#plan = plan;
    this.#turnstile = new Turnstile(plan.crowd, plan.doors().length);
  }

  /** @throws Error with the first answer that is none of those that an application can have */
  async run(): Promise<BurstReport> {
    this.#startedAt = performance.now();
    try {
      await Promise.all(Array.from({ length: this.#plan.connections }, (_, index) => this.#keepPressing(index)));
    } finally {
      this.#client.close();
    }
    return {
      told: this.#told,
      waits: Uint32Array.from(this.#waits),
      acceptedAt: this.#acceptedAt,
      requests: this.#requests,
      errors: this.#errors,
      seconds: (this.#answeredAt - this.#startedAt) / 1_000,
      usersServed: [...this.#told.values()].filter((told) => told.some((each) => each !== 'error')).length,
      wasStopped: this.#wasStopped,
    };
  }

  get #isLate(): boolean {
    return performance.now() - this.#startedAt > this.#plan.within;
  }

  async #keepPressing(connection: number): Promise<void> {
    for (;;) {
      const userId = this.#turnstile.next(this.#doorOf(connection));
      if (userId === null) return;
      if (this.#isLate) {
        this.#wasStopped = true;
        return;
      }
      await this.#press(connection, userId);
    }
  }

  async #press(connection: number, userId: string): Promise<void> {
    for (let attempt = 0; ; attempt += 1) {
      const told = await this.#ask(this.#doorOf(connection + attempt), userId);
      if (told !== 'error' || attempt === RETRIES || this.#isLate) return;
      await sleep((this.#plan.pause ?? PAUSE) * 2 ** attempt * (1 + this.#random() / 2));
    }
  }

  async #ask(door: number, userId: string): Promise<Told> {
    const { campaignId, doors } = this.#plan;
    const path = `/campaigns/${campaignId}/applications`;
    const sentAt = performance.now();
    this.#requests += 1;
    const reply = await this.#client
      .ask(doors()[door]?.url ?? '', { method: 'POST', path, user: userId }, PATIENCE)
      .catch((error: unknown) => {
        if (error instanceof NoReply) return error;
        throw error;
      });
    const now = performance.now();
    const told = toldBy(answerOf(reply, { campaignId, user: userId }, now));
    this.#answeredAt = now;
    const before = this.#told.get(userId);
    if (before === undefined) this.#told.set(userId, [told]);
    else before.push(told);
    if (told === 'error') this.#errors += 1;
    else {
      this.#waits.push((now - sentAt) * 1_000);
      this.#plan.decided?.(this.#waits.length);
    }
    if (told === 'accepted') this.#acceptedAt.push(now - this.#startedAt);
    return told;
  }

  /** Which process a connection is on: while one is closed, its connections are on the others. */
  #doorOf(turn: number): number {
    const doors = this.#plan.doors();
    const open = doors.flatMap(({ isOpen }, index) => (isOpen ? [index] : []));
    const among = open.length > 0 ? open : [...doors.keys()];
    return among[turn % among.length] ?? 0;
  }
}

function toldBy({ status, kind, error }: ReturnType<typeof answerOf>): Told {
  if (status === 202) return 'accepted';
  if (status === 200) return 'already';
  if (status === 409 && kind === 'sold-out') return 'sold-out';
  if (status === 0 || status === 503) return 'error';
  throw new Error(`an application was answered ${status} ${kind} ${error ?? ''}`);
}
