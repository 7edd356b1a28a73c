import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** A way to a server that can be cut, or that can swallow what the server answers. */
export class FaultyNetwork implements AsyncDisposable {
  readonly #target: number;
  readonly #sockets = new Set<Socket>();
  #server: Server;
  #port = 0;
  #swallows = false;

  private constructor(target: number) {
    this.#target = target;
    this.#server = this.#listener();
  }

  static async to(port: number): Promise<FaultyNetwork> {
    const network = new FaultyNetwork(port);
    await network.#listen();
    return network;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.#port}`;
  }

  async suffer(fault: 'away' | 'replies-lost'): Promise<void> {
    this.#swallows = fault === 'replies-lost';
    if (fault === 'away') await this.#cut();
  }

  async recover(): Promise<void> {
    await this.#cut();
    this.#swallows = false;
    this.#server = this.#listener();
    await this.#listen();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#cut();
  }

  async #cut(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await once(this.#server, 'close');
  }

  async #listen(): Promise<void> {
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    if (address !== null && typeof address === 'object') this.#port = address.port;
  }

  #listener(): Server {
    return createServer((client) => {
      const server = connect(this.#target, '127.0.0.1');
      client.on('data', (sent) => server.write(sent));
      server.on('data', (answer) => {
        if (!this.#swallows) client.write(answer);
      });
      for (const [socket, other] of [
        [client, server],
        [server, client],
      ] as const) {
        this.#sockets.add(socket);
        socket.on('error', () => undefined);
        socket.on('close', () => {
          this.#sockets.delete(socket);
          other.destroy();
        });
      }
    });
  }
}
