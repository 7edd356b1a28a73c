import { connect, createServer, type Server, type Socket } from 'node:net';

type Course = 'open' | 'refusing' | 'losing-answers' | 'stalling';

/** A way to the broker that can be closed, or opened in one direction only. */
export class KafkaProxy implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #targets: { readonly host: string; readonly port: number }[] = [];
  #stalled: (() => void)[] = [];
  #course: Course = 'open';
  #delay = 0;

  static async listen(): Promise<KafkaProxy> {
    const proxy = new KafkaProxy();
    proxy.#server.on('connection', (near) => {
      const target = proxy.#targets.shift();
      if (target === undefined) near.destroy();
      else proxy.#join(near, connect(target));
    });
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  private constructor() {
    this.#server = createServer();
  }

  /** To be given to an adapter: reaches whatever broker it names through this proxy. */
  readonly openSocket = (host: string, port: number): Socket => {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the proxy does not listen');
    if (this.#course === 'refusing') return connect({ host: '127.0.0.1', port: 1 });
    this.#targets.push({ host, port });
    return connect({ host: '127.0.0.1', port: address.port });
  };

  /** Every connection is closed, and none can be opened. */
  refuse(): void {
    this.#course = 'refusing';
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Requests arrive, answers do not. */
  loseAnswers(): void {
    this.#course = 'losing-answers';
  }

  /** Everything takes so many milliseconds longer, in both directions. */
  delay(milliseconds: number): void {
    this.#delay = milliseconds;
  }

  /** Neither requests nor answers arrive before `restore`. */
  stall(): void {
    this.#course = 'stalling';
  }

  /** What stalled arrives now. */
  restore(): void {
    this.#course = 'open';
    for (const pass of this.#stalled) pass();
    this.#stalled = [];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.refuse();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #join(near: Socket, far: Socket): void {
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(from);
      from.on('data', (data) => {
        if (this.#course === 'stalling') this.#stalled.push(() => to.write(data));
        else if (this.#delay > 0) setTimeout(() => to.write(data), this.#delay);
        else if (from === near || this.#course !== 'losing-answers') to.write(data);
      });
      from.on('error', () => {});
      from.on('close', () => {
        this.#sockets.delete(from);
        if (this.#course === 'stalling') this.#stalled.push(() => to.end());
        else to.destroy();
      });
    }
  }
}
