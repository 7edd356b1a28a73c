import { connect, type Socket } from 'node:net';
import { AnswerReader } from './answer-reader.ts';
import { codeOf, type Outcome, outcomeOf } from './outcomes.ts';

/** Users of a plan have consecutive numbers, and each applies once. */
export interface Plan {
  readonly port: number;
  readonly firstUser: number;
  readonly mostUsers: number;
  readonly connections: number;
  readonly seconds: number;
  /** Arrivals per second, whatever is answered; null: the next is sent when one is answered. */
  readonly rate: number | null;
  /** The users of the plan take turns. */
  readonly campaigns: readonly string[];
  /** The client hangs up on an answer that takes longer, in milliseconds. */
  readonly patience: number;
}

export interface Report {
  readonly firstUser: number;
  /** By user: what he was told, his sequence, and after how many milliseconds. */
  readonly told: Uint8Array;
  readonly sequences: Uint32Array;
  readonly waits: Uint16Array;
  /** How many users there were, sent or not. */
  readonly users: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** The first answers that the service may not give, as they came. */
  readonly unexpected: readonly string[];
}

const TICK = 5;
const TICKS_BETWEEN_LOOKS = 20;
const MOST_KEPT = 5;
const SEQUENCE = /"sequence":([0-9]+)/;

class Client {
  readonly #generator: Generator;
  #socket: Socket | null = null;
  #reader = new AnswerReader();
  #user = -1;
  #sentAt = 0;

  constructor(generator: Generator) {
    this.#generator = generator;
  }

  get waitsSince(): number | null {
    return this.#user < 0 ? null : this.#sentAt;
  }

  send(user: number, request: string): void {
    this.#user = user;
    this.#sentAt = performance.now();
    this.#open().write(request, 'latin1');
  }

  /** Gives up; the next request gets a new connection. */
  hangUp(): void {
    this.#socket?.destroy();
    this.#socket = null;
    this.#reader = new AnswerReader();
    this.#finish('no-answer', '');
  }

  #open(): Socket {
    if (this.#socket !== null) return this.#socket;
    const socket = connect({ port: this.#generator.port, host: '127.0.0.1', noDelay: true });
    const lost = () => {
      if (this.#socket === socket) this.hangUp();
    };
    socket
      .setEncoding('latin1')
      .on('data', (arrived: string) => this.#read(arrived))
      .on('error', lost)
      .on('close', lost);
    this.#socket = socket;
    return socket;
  }

  #read(arrived: string): void {
    const answer = this.#reader.take(arrived);
    if (answer === null) return;
    if (/\r\nconnection: close\r\n/i.test(answer)) {
      this.#socket?.destroy();
      this.#socket = null;
    }
    this.#finish(outcomeOf(answer), answer);
  }

  #finish(outcome: Outcome, answer: string): void {
    if (this.#user < 0) return;
    const user = this.#user;
    this.#user = -1;
    this.#generator.answered(this, user, outcome, answer, performance.now() - this.#sentAt);
  }
}

/** Applies for coupons over sockets of its own, one request at a time on each: cheaper than any HTTP client. */
export class Generator {
  readonly port: number;
  readonly #plan: Plan;
  readonly #told: Uint8Array;
  readonly #sequences: Uint32Array;
  readonly #waits: Uint16Array;
  readonly #clients: readonly Client[];
  readonly #free: Client[];
  readonly #startedAt = performance.now();
  readonly #unexpected: string[] = [];
  #next = 0;
  #over = false;

  constructor(plan: Plan) {
    this.port = plan.port;
    this.#plan = plan;
    this.#told = new Uint8Array(plan.mostUsers);
    this.#sequences = new Uint32Array(plan.mostUsers);
    this.#waits = new Uint16Array(plan.mostUsers);
    this.#clients = Array.from({ length: plan.connections }, () => new Client(this));
    this.#free = [...this.#clients];
  }

  async run(): Promise<Report> {
    const { rate, seconds, patience } = this.#plan;
    const cpu = process.cpuUsage();
    if (rate === null) for (const client of this.#free.splice(0)) this.#sendNext(client);
    await new Promise<void>((resolve) => {
      let ticks = 0;
      const ticking = setInterval(() => {
        const elapsed = performance.now() - this.#startedAt;
        if (rate !== null && !this.#over) this.#arrive(Math.floor((elapsed * rate) / 1_000));
        if (elapsed >= seconds * 1_000) this.#over = true;
        ticks += 1;
        if (ticks % TICKS_BETWEEN_LOOKS > 0 || this.#giveUpOn(performance.now() - patience) > 0 || !this.#over) return;
        clearInterval(ticking);
        resolve();
      }, TICK);
    });
    for (const client of this.#clients) client.hangUp();
    const { user, system } = process.cpuUsage(cpu);
    return {
      firstUser: this.#plan.firstUser,
      told: this.#told.subarray(0, this.#next),
      sequences: this.#sequences.subarray(0, this.#next),
      waits: this.#waits.subarray(0, this.#next),
      users: this.#next,
      seconds,
      cpuSeconds: (user + system) / 1_000_000,
      unexpected: this.#unexpected,
    };
  }

  answered(client: Client, user: number, outcome: Outcome, answer: string, wait: number): void {
    this.#told[user] = codeOf(outcome);
    this.#waits[user] = Math.min(wait, 65_535);
    if (outcome === 'unexpected' && this.#unexpected.length < MOST_KEPT) this.#unexpected.push(answer);
    if (outcome === 'accepted') this.#sequences[user] = Number(SEQUENCE.exec(answer)?.[1] ?? 0);
    if (this.#plan.rate === null && !this.#over) this.#sendNext(client);
    else this.#free.push(client);
  }

  /** An arrival that finds no connection free is a user who got through to nobody. */
  #arrive(due: number): void {
    const most = Math.min(due, this.#plan.mostUsers);
    while (this.#next < most) {
      // The one that has been idle for the longest: all of them stay in use.
      const client = this.#free.shift();
      if (client === undefined) {
        this.#next = most;
        return;
      }
      this.#sendNext(client);
    }
  }

  #sendNext(client: Client): void {
    if (this.#next >= this.#plan.mostUsers) return;
    const user = this.#next;
    this.#next += 1;
    const { campaigns, firstUser } = this.#plan;
    const campaign = campaigns[user % campaigns.length] ?? '';
    client.send(
      user,
      `POST /campaigns/${campaign}/applications HTTP/1.1\r\nHost: test\r\nX-User-Id: ${firstUser + user}\r\nContent-Length: 0\r\n\r\n`,
    );
  }

  /** Answers how many still wait. */
  #giveUpOn(before: number): number {
    let waiting = 0;
    for (const client of this.#clients) {
      const since = client.waitsSince;
      if (since === null) continue;
      if (since < before) client.hangUp();
      else waiting += 1;
    }
    return waiting;
  }
}
