import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { type HttpReply, parseReply } from './http-reply.ts';

export class NoReply extends Error {
  readonly kind: 'timeout' | 'broken' | 'not-understood';

  constructor(kind: NoReply['kind'], message: string) {
    super(message);
    this.name = 'NoReply';
    this.kind = kind;
  }
}

export interface HttpQuestion {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly user?: string;
}

interface Connection {
  readonly socket: Socket;
  idleSince: number;
  settle: ((reply: HttpReply | NoReply) => void) | null;
  /** Of the answer, as far as it has come. */
  bytes: Buffer;
}

/** Node's servers close what has been idle for 5 s; a request on its way at that moment would be lost. */
const MOST_IDLE = 3_000;
const NOTHING = Buffer.alloc(0);

/** HTTP/1.1 on plain sockets, one request at a time on each: cheap, so that the tester is not what is measured. */
export class HttpClient {
  readonly #idle = new Map<string, Connection[]>();
  readonly #all = new Set<Connection>();

  /**
   * @param base `http://host:port/prefix`
   * @throws NoReply
   */
  ask(base: string, question: HttpQuestion, timeout: number): Promise<HttpReply> {
    const url = new URL(base);
    return new Promise((resolve, reject) => {
      const connection = this.#take(url);
      const timer = setTimeout(
        () => connection.settle?.(new NoReply('timeout', `no answer in ${timeout} ms`)),
        Math.max(1, timeout),
      );
      connection.settle = (reply) => {
        clearTimeout(timer);
        connection.settle = null;
        connection.bytes = NOTHING;
        const failed = reply instanceof NoReply;
        if (!failed && reply.keepAlive) this.#giveBack(url.origin, connection);
        else connection.socket.destroy();
        if (failed) reject(reply);
        else resolve(reply);
      };
      connection.socket.write(requestText(url, question));
    });
  }

  close(): void {
    for (const { socket } of this.#all) socket.destroy();
  }

  #take(url: URL): Connection {
    const idle = this.#idle.get(url.origin);
    for (let last = idle?.pop(); last !== undefined; last = idle?.pop()) {
      if (!last.socket.destroyed && performance.now() - last.idleSince < MOST_IDLE) return last;
      last.socket.destroy();
    }
    return this.#open(url);
  }

  #giveBack(origin: string, connection: Connection): void {
    connection.idleSince = performance.now();
    const idle = this.#idle.get(origin);
    if (idle) idle.push(connection);
    else this.#idle.set(origin, [connection]);
  }

  #open(url: URL): Connection {
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const socket =
      url.protocol === 'https:'
        ? connectTls({ host, port: Number(url.port || 443), servername: host })
        : connect({ host, port: Number(url.port || 80) });
    const connection: Connection = { socket, idleSince: 0, settle: null, bytes: NOTHING };
    this.#all.add(connection);
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => {
      connection.bytes = connection.bytes.length === 0 ? chunk : Buffer.concat([connection.bytes, chunk]);
      read(connection, false);
    });
    socket.on('end', () => read(connection, true));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      connection.settle?.(new NoReply('broken', error.code ?? error.message));
    });
    socket.on('close', () => {
      this.#all.delete(connection);
      connection.settle?.(new NoReply('broken', 'closed without an answer'));
    });
    return connection;
  }
}

function read(connection: Connection, ended: boolean): void {
  // Words of a server that was not asked: this connection cannot be trusted any more.
  if (connection.settle === null) {
    connection.socket.destroy();
    return;
  }
  try {
    const reply = parseReply(connection.bytes, ended);
    if (reply !== null) connection.settle(reply);
    else if (ended) connection.settle(new NoReply('broken', 'closed in the middle of an answer'));
  } catch (error) {
    connection.settle(new NoReply('not-understood', error instanceof Error ? error.message : String(error)));
  }
}

function requestText(url: URL, { method, path, user }: HttpQuestion): string {
  const prefix = url.pathname.replace(/\/$/, '');
  const caller = user === undefined ? '' : `X-User-Id: ${user}\r\n`;
  const body = method === 'POST' ? 'Content-Length: 0\r\n' : '';
  return `${method} ${prefix}${path} HTTP/1.1\r\nHost: ${url.host}\r\n${caller}${body}\r\n`;
}
