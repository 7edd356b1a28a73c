import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type Koa from 'koa';
import { EarlyRefusal, type RefuseEarly } from './early-refusal.ts';
import { malformedHttp } from './malformed-http.ts';
import { endWithProblem, rawProblem } from './raw-problem.ts';

export interface ListenOptions {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  /** How long, in milliseconds, the head of a request, or all of it, may take to arrive. */
  readonly headersTimeout?: number;
  readonly requestTimeout?: number;
  /** How long, in milliseconds, a connection may neither take nor send anything. */
  readonly idleTimeout?: number;
  readonly refuseEarly?: RefuseEarly;
  /** How long, in milliseconds, an early refusal is held back. */
  readonly refusalHold?: number;
}

export interface Listening {
  readonly port: number;
  /** Stops accepting; requests in flight are answered, and what is still open after `grace` milliseconds is cut. */
  close(grace?: number): Promise<void>;
}

const HEADERS_TIMEOUT = 5_000;
const REQUEST_TIMEOUT = 10_000;
const GRACE = 5_000;
/** Longer than any answer takes; without it, a client that never reads keeps its connection for ever. */
const IDLE_TIMEOUT = 30_000;
const REFUSAL_HOLD = 1_000;
/** The next one is closed unanswered: what connections take is bounded. */
const MOST_CONNECTIONS = 16_384;
/** A burst opens thousands of connections at once; by default all but 511 of them wait for TCP to try again. */
const BACKLOG = 4_096;

export async function listen(app: Koa, options: ListenOptions): Promise<Listening> {
  const { headersTimeout = HEADERS_TIMEOUT, requestTimeout = REQUEST_TIMEOUT } = options;
  const { idleTimeout = IDLE_TIMEOUT, refuseEarly = () => null, refusalHold = REFUSAL_HOLD } = options;
  const answer = app.callback();
  const refusal = new EarlyRefusal(refuseEarly, refusalHold);
  const unanswered = new Set<ServerResponse>();
  const refused = new WeakSet<Duplex>();
  let closing = false;

  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    // It arrived while its connection was being refused: its sender takes the refusal for the answer.
    if (refused.has(request.socket)) return;
    unanswered.add(response);
    response.once('close', () => unanswered.delete(response));
    if (closing) response.shouldKeepAlive = false;
    if (isWithoutHost(request)) {
      response.shouldKeepAlive = false;
      endWithProblem(response, malformedHttp({}));
    } else if (!refusal.takes(request, response)) void answer(request, response);
  };

  const server = createServer({
    headersTimeout,
    requestTimeout,
    // By default Node looks at the timeouts every 30 seconds only.
    connectionsCheckingInterval: Math.min(500, headersTimeout),
    requireHostHeader: false,
  });
  server.timeout = idleTimeout;
  server.maxConnections = MOST_CONNECTIONS;
  server.on('request', handle);
  // An expectation may be ignored (RFC 9110, section 10.1.1); by default Node answers 417 without a document.
  server.on('checkExpectation', handle);
  server.on('connect', (_request, socket) => {
    // Node lets go of such a socket: an error that nobody listens for would end the process.
    socket.on('error', () => socket.destroy()).end(rawProblem(malformedHttp({})));
  });
  server.on('clientError', (error: Error & { readonly code?: string }, socket: Duplex) => {
    const earlier = [...unanswered].filter(({ req }) => req.socket === socket && req.complete);
    if (earlier.length === 0) refused.add(socket);
    refuseMalformed(error, socket, earlier);
  });

  await startListening(server, options);
  return {
    port: portOf(server),
    close: (grace = GRACE) => {
      closing = true;
      for (const response of unanswered) response.shouldKeepAlive = false;
      return stopListening(server, grace);
    },
  };
}

const isWithoutHost = ({ headers, httpVersion }: IncomingMessage): boolean =>
  headers.host === undefined && httpVersion === '1.1';

/**
 * A client would take the document for the answer to a request that is still in flight: that one is waited for.
 *
 * @param earlier the unanswered requests of this connection
 */
function refuseMalformed(error: { readonly code?: string }, socket: Duplex, earlier: readonly ServerResponse[]): void {
  if (earlier.length > 0) {
    for (const response of earlier) response.shouldKeepAlive = false;
  } else if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
  } else {
    socket.end(rawProblem(malformedHttp(error)));
  }
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server does not listen on a port');
  return address.port;
}

function startListening(server: Server, { host, port }: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen({ port, host, backlog: BACKLOG }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function stopListening(server: Server, grace: number): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), grace);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
  });
}
