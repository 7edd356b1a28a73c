import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, type HistoryWriter, now } from './history.ts';
import { HttpClient, NoReply } from './http-client.ts';
import type { HttpReply } from './http-reply.ts';
import { type Arrival, arrivals, type LoadPlan } from './plan.ts';
import { answerOf } from './reply-meaning.ts';
import { seededNumbers } from './seeded-numbers.ts';
import { isPromise, isRefusal, toldBy } from './told.ts';

export interface Progress {
  /** Requests: first presses, second presses and retries. */
  readonly sent: number;
  readonly answered: number;
  readonly inFlight: number;
  readonly accepted: number;
  readonly refused: number;
  readonly failed: number;
  readonly retried: number;
  /** Presses that found `maxInFlight` requests unanswered. */
  readonly notSent: number;
}

const FIRST_PAUSE = 200;
const LONGEST_PAUSE = 5_000;

/** Plays a plan once, and writes down every request and answer. The history is the caller's to close afterwards. */
export class LoadRun {
  /** Resolves when everything is sent and answered; rejects where the history cannot be written. */
  readonly done: Promise<void>;
  readonly #plan: LoadPlan;
  readonly #history: HistoryWriter;
  readonly #client = new HttpClient();
  readonly #stopping = new AbortController();
  readonly #random: () => number;
  readonly #finished = Promise.withResolvers<void>();
  readonly #arrivals: Iterator<Arrival, void>;
  readonly #counts = { sent: 0, answered: 0, inFlight: 0, accepted: 0, refused: 0, failed: 0, retried: 0, notSent: 0 };
  #startedAt = 0;
  #turn = 0;

  constructor(plan: LoadPlan, history: HistoryWriter) {
    this.#plan = plan;
    this.#history = history;
    this.#random = seededNumbers(plan.seed + 1);
    this.#arrivals = arrivals(plan);
    this.done = this.#finished.promise;
    setMaxListeners(0, this.#stopping.signal);
  }

  get progress(): Progress {
    return { ...this.#counts };
  }

  start(): void {
    this.#startedAt = now();
    this.#play().then(
      () => {
        this.#client.close();
        if (this.#history.failure === undefined) this.#finished.resolve();
        else this.#finished.reject(new Error('the history cannot be written', { cause: this.#history.failure }));
      },
      (error: unknown) => this.#finished.reject(error),
    );
  }

  /** Sends nothing more, retries included, and resolves when what is on its way is answered or timed out. */
  stop(): Promise<void> {
    this.#stopping.abort();
    return this.done;
  }

  #play(): Promise<unknown> {
    const { model } = this.#plan;
    if (model.kind === 'open') return this.#playOpen();
    return Promise.all(Array.from({ length: model.connections }, () => this.#playClosed()));
  }

  async #playOpen(): Promise<void> {
    const presses = new Set<Promise<unknown>>();
    for (let next = this.#arrivals.next(); next.done !== true && !this.#isStopped(); next = this.#arrivals.next()) {
      const ahead = this.#startedAt + next.value.at - now();
      if (ahead > 0 && !(await this.#pause(ahead))) break;
      const press = this.#arrive(next.value, this.#startedAt + next.value.at);
      presses.add(press);
      void press.then(() => presses.delete(press));
    }
    await Promise.all(presses);
  }

  async #playClosed(): Promise<void> {
    while (!this.#isStopped() && now() - this.#startedAt < this.#plan.duration) {
      const next = this.#arrivals.next();
      if (next.done === true) return;
      await this.#arrive(next.value, now());
    }
  }

  async #arrive({ user, secondPress }: Arrival, at: number): Promise<void> {
    if (secondPress === null) return this.#press(user, at);
    const second = async () => {
      if (await this.#pause(secondPress)) await this.#press(user, at + secondPress);
    };
    await Promise.all([this.#press(user, at), second()]);
  }

  async #press(user: string, intended: number): Promise<void> {
    let at = intended;
    for (let attempt = 1; ; attempt += 1) {
      if (this.#isFull()) {
        this.#counts.notSent += 1;
        return;
      }
      const { answer, retryAfter } = await this.#send(user, attempt, at);
      if (!mayRetry(answer) || attempt > this.#plan.retries) return;
      const pause = this.#pauseBefore(attempt, retryAfter);
      at = now() + pause;
      if (!(await this.#pause(pause))) return;
      this.#counts.retried += 1;
    }
  }

  async #send(user: string, attempt: number, at: number): Promise<{ answer: Answer; retryAfter: number | null }> {
    const { campaignId, timeout, urls } = this.#plan;
    const bases = urls();
    const base = bases[this.#turn % bases.length] ?? 'http://no-url-is-known.invalid';
    this.#turn += 1;
    const n = this.#history.sent({ user, attempt, to: new URL(base).host, at, sentAt: now() });
    this.#counts.sent += 1;
    this.#counts.inFlight += 1;
    const path = `/campaigns/${campaignId}/applications`;
    const reply = await this.#client.ask(base, { method: 'POST', path, user }, timeout).catch(asNoReply);
    const answer = answerOf(reply, { campaignId, user }, now());
    this.#history.answered(n, answer);
    this.#counts.inFlight -= 1;
    this.#count(answer);
    if (this.#history.failure !== undefined) this.#stopping.abort();
    return { answer, retryAfter: reply instanceof NoReply ? null : reply.retryAfter };
  }

  #count(answer: Answer): void {
    const told = toldBy(answer);
    this.#counts.answered += 1;
    if (isPromise(told)) this.#counts.accepted += 1;
    else if (isRefusal(told)) this.#counts.refused += 1;
    else this.#counts.failed += 1;
  }

  /** Spread out, so that those who failed together do not come back together. */
  #pauseBefore(attempt: number, retryAfter: number | null): number {
    const pause = retryAfter === null ? FIRST_PAUSE * 2 ** (attempt - 1) : retryAfter * 1_000;
    return Math.min(pause, LONGEST_PAUSE) * (1 + this.#random() / 2);
  }

  /** Whether it goes on afterwards. */
  async #pause(milliseconds: number): Promise<boolean> {
    await sleep(milliseconds, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
    return !this.#isStopped();
  }

  #isFull(): boolean {
    const { model } = this.#plan;
    return model.kind === 'open' && this.#counts.inFlight >= model.maxInFlight;
  }

  #isStopped(): boolean {
    return this.#stopping.signal.aborted;
  }
}

const mayRetry = (answer: Answer): boolean => answer.status === 503 || answer.status === 0;

function asNoReply(error: unknown): NoReply | HttpReply {
  if (error instanceof NoReply) return error;
  throw error;
}
