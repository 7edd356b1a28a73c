import { connect } from 'node:net';

/** Connections that cost a server everything it lets them cost; each is opened again when the server has had enough. */
export interface SlowPlan {
  readonly port: number;
  readonly connections: number;
  readonly campaign: string;
}

export interface SlowReport {
  /** How many connections were there at the worst moment for them. */
  readonly opened: number;
  readonly closedByServer: number;
  readonly timeoutsTold: number;
}

const BYTE_EVERY = 500;

const HEAD = (campaign: string) =>
  `POST /campaigns/${campaign}/applications HTTP/1.1\r\nHost: slow\r\nX-User-Id: 9\r\n`;

type Kind = 'head' | 'body' | 'deaf';

const KINDS: readonly Kind[] = ['head', 'body', 'deaf'];

/** What a connection sends at once, and what it sends byte by byte. */
const SPEECH: Record<Kind, (campaign: string) => readonly [atOnce: string, slowly: string]> = {
  head: (campaign) => ['', `${HEAD(campaign)}X-Padding: ${'x'.repeat(5_000)}`],
  body: (campaign) => [
    `${HEAD(campaign)}Content-Type: application/json\r\nContent-Length: 5000\r\n\r\n`,
    ' '.repeat(5_000),
  ],
  deaf: (campaign) => [`GET /campaigns/${campaign} HTTP/1.1\r\nHost: deaf\r\n\r\n`.repeat(10), ''],
};

export class SlowSockets {
  readonly #plan: SlowPlan;
  #opened = 0;
  #closedByServer = 0;
  #timeoutsTold = 0;
  #over = false;

  constructor(plan: SlowPlan) {
    this.#plan = plan;
  }

  start(): void {
    for (let index = 0; index < this.#plan.connections; index += 1) this.#open(index);
  }

  stop(): SlowReport {
    this.#over = true;
    return { opened: this.#opened, closedByServer: this.#closedByServer, timeoutsTold: this.#timeoutsTold };
  }

  #open(index: number): void {
    if (this.#over) return;
    const kind = KINDS[index % KINDS.length] ?? 'head';
    const [atOnce, slowly] = SPEECH[kind](this.#plan.campaign);
    const socket = connect({ port: this.#plan.port, host: '127.0.0.1' }, () => {
      this.#opened += 1;
      socket.write(atOnce);
    });
    let sent = 0;
    const dripping = setInterval(() => {
      if (sent < slowly.length) socket.write(slowly.charAt(sent));
      sent += 1;
    }, BYTE_EVERY);
    if (kind === 'deaf') socket.pause();
    else
      socket.on('data', (answer) => {
        if (answer.subarray(0, 12).toString() === 'HTTP/1.1 408') this.#timeoutsTold += 1;
      });
    socket
      .on('error', () => {})
      .once('close', () => {
        clearInterval(dripping);
        if (this.#over) return;
        this.#closedByServer += 1;
        // In the manner of an attacker who wants all of them all of the time, and not in a busy loop.
        setTimeout(() => this.#open(index), 200);
      });
  }
}
