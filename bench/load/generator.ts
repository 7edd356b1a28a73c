import type { AnswerReader } from './answer-reader.ts';
import { Connection, type Listener } from './connection.ts';
import type { Plan, Report } from './plan.ts';
import { ApplyRequest } from './request.ts';
import { Tally } from './tally.ts';

/** More than any server here answers: what is kept of each request is allocated before the first. */
const MOST_PER_SECOND = 100_000;
const STALLED_AFTER = 30_000;
const LOOK_EVERY = 1_000;
/** Timers have no finer grain: an arrival may be sent so late, in milliseconds, which counts as its wait. */
const ARRIVALS_EVERY = 1;

/** Carries out one plan. An object, a timer or a promise for each request would cost more than sending it. */
export class Generator implements Listener {
  readonly #plan: Plan;
  readonly #most: number;
  readonly #tally: Tally;
  readonly #idle: Connection[] = [];
  readonly #ended = Promise.withResolvers<void>();
  #sent = 0;
  #startedAt = 0;
  #answeredAt = 0;
  #sendUntil = 0;

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#most = Math.min(plan.requests, Math.ceil(plan.seconds * (plan.rate ?? MOST_PER_SECOND)));
    this.#tally = new Tally(this.#most, plan.expected);
  }

  /** @throws UnexpectedAnswers; Error where a connection is lost, or nothing is answered any more */
  async run(): Promise<Report> {
    const { campaigns, connections, ports, rate, seconds } = this.#plan;
    const all = Array.from({ length: connections }, (_, index) => {
      return new Connection(ports[index % ports.length] ?? 0, new ApplyRequest(campaigns), this);
    });
    const timers: NodeJS.Timeout[] = [];
    try {
      await Promise.race([Promise.all(all.map((each) => each.opened())), this.#ended.promise]);
      const cpu = process.cpuUsage();
      this.#startedAt = this.#answeredAt = performance.now();
      this.#sendUntil = this.#startedAt + seconds * 1_000;
      timers.push(setInterval(() => this.#giveUpWhenStalled(), LOOK_EVERY));
      if (rate === null) for (const each of all) this.#sendNext(each, performance.now());
      else {
        this.#idle.push(...all);
        timers.push(setInterval(() => this.#sendDue(performance.now(), rate), ARRIVALS_EVERY));
      }
      await this.#ended.promise;
      return this.#report(process.cpuUsage(cpu));
    } finally {
      for (const timer of timers) clearInterval(timer);
      for (const each of all) each.close();
    }
  }

  answered(connection: Connection, reader: AnswerReader, bytes: Buffer, length: number): void {
    const now = performance.now();
    this.#answeredAt = now;
    this.#tally.note(connection.request, now - connection.since, reader, bytes, length);
    const { rate } = this.#plan;
    if (rate !== null) {
      this.#idle.push(connection);
      this.#sendDue(now, rate);
    } else if (now < this.#sendUntil) this.#sendNext(connection, now);
    const isOver = this.#sent === this.#most || (rate === null && now >= this.#sendUntil);
    if (isOver && this.#tally.answered === this.#sent) this.#ended.resolve();
    if (this.#tally.isWrong) this.#ended.resolve();
  }

  lost(error: Error): void {
    this.#ended.reject(error);
  }

  #sendNext(connection: Connection, since: number): void {
    if (this.#sent === this.#most) return;
    const request = this.#sent;
    this.#sent += 1;
    connection.send(request, this.#plan.firstUser + request, since);
  }

  /** Who finds no connection idle waits for one, from when he was due. */
  #sendDue(now: number, rate: number): void {
    const due = Math.min(this.#most, Math.floor(((now - this.#startedAt) * rate) / 1_000));
    while (this.#sent < due) {
      const connection = this.#idle.pop();
      if (connection === undefined) return;
      this.#sendNext(connection, this.#startedAt + (this.#sent * 1_000) / rate);
    }
  }

  #giveUpWhenStalled(): void {
    if (performance.now() - this.#answeredAt < STALLED_AFTER) return;
    this.lost(new Error(`${this.#sent - this.#tally.answered} requests have had no answer for ${STALLED_AFTER} ms`));
  }

  #report({ user, system }: NodeJS.CpuUsage): Report {
    this.#tally.check();
    return {
      firstUser: this.#plan.firstUser,
      requests: this.#tally.answered,
      startedAt: performance.timeOrigin + this.#startedAt,
      seconds: (this.#answeredAt - this.#startedAt) / 1_000,
      cpuSeconds: (user + system) / 1_000_000,
      statuses: this.#tally.statuses(),
      samples: this.#tally.samples(),
      waits: this.#tally.waits(),
      sequences: this.#tally.sequences(),
    };
  }
}
