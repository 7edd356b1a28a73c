import { once } from 'node:events';
import { connect } from 'node:net';
import Koa from 'koa';
import { expect, it } from 'vitest';
import type { RefuseEarly } from '../../../src/adapters/http/early-refusal.ts';
import { listen } from '../../../src/adapters/http/listen.ts';
import type { Problem } from '../../../src/adapters/http/problem.ts';
import { eventually } from '../../support/eventually.ts';
import { serveApi } from './served-api.ts';
import { parseAnswer, send } from './wire.ts';

const HEAD = 'POST /campaigns/a/applications HTTP/1.1\r\nHost: test\r\nX-User-Id: 7\r\n';

it.each([
  ['a head that does not end', HEAD],
  ['a body that does not come', `${HEAD}Content-Length: 2\r\n\r\n{`],
  ['chunks that do not end', `${HEAD}Transfer-Encoding: chunked\r\n\r\n1\r\n \r\n`],
])('answers 408 to %s, and closes the connection', async (_title, text) => {
  await using api = await serveApi({ headersTimeout: 100, requestTimeout: 150 });
  const id = await api.open();
  const answer = parseAnswer(await send(api.port, text.replace('/a/', `/${id}/`)));
  expect(answer.status).toBe(408);
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(JSON.parse(answer.body)).toMatchObject({ type: '/problems/request-timeout', status: 408 });
  expect((await api.call({ path: '/healthz' })).status).toBe(200);
  expect(api.journal.lines).toEqual([]);
});

it('closes a connection on which nothing comes', async () => {
  await using api = await serveApi({ headersTimeout: 100, requestTimeout: 150 });
  expect(parseAnswer(await send(api.port, '')).status).toBe(408);
});

it('grants nothing to a request that comes after its connection was told that it is too late', async () => {
  await using api = await serveApi({ headersTimeout: 100, requestTimeout: 150 });
  const id = await api.open();
  const socket = connect({ port: api.port, host: '127.0.0.1', allowHalfOpen: true });
  let told = '';
  socket.on('data', (chunk) => {
    told += chunk.toString();
  });
  await once(socket, 'end');
  expect(parseAnswer(told).status).toBe(408);
  socket.end(`${HEAD.replace('/a/', `/${id}/`)}\r\n`);
  await once(socket, 'close');
  expect((await api.call({ path: `/campaigns/${id}` })).body).toContain('"granted":0');
});

it('survives callers who hang up in the middle of a body', async () => {
  await using api = await serveApi();
  const id = await api.open();
  const socket = connect(api.port, '127.0.0.1');
  socket.write(`${HEAD.replace('/a/', `/${id}/`)}Content-Length: 100\r\n\r\n{`);
  await eventually(async () => expect(await api.metric('http_requests_in_flight')).toMatch(/ 2$/));
  socket.destroy();
  await eventually(async () => expect(await api.metric('http_requests_in_flight')).toMatch(/ 1$/));
  expect(api.journal.lines).toEqual([]);
});

it('survives callers who reset a connection that they wanted as a tunnel', async () => {
  await using api = await serveApi();
  for (let tried = 0; tried < 20; tried += 1) {
    const socket = connect(api.port, '127.0.0.1', () => {
      socket.write(`CONNECT example.org:443 HTTP/1.1\r\nHost: test\r\n\r\n${'x'.repeat(100_000)}`, () => {
        socket.resetAndDestroy();
      });
    });
    await new Promise((resolve) => socket.once('close', resolve));
  }
  expect((await api.call({ path: '/healthz' })).status).toBe(200);
});

it('answers a request that asks for another protocol as if it had not', async () => {
  await using api = await serveApi();
  const text = 'GET /healthz HTTP/1.1\r\nHost: test\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\n\r\n';
  expect(parseAnswer(await send(api.port, text)).status).toBe(200);
});

it('ignores an expectation it does not know', async () => {
  await using api = await serveApi();
  const text = 'GET /healthz HTTP/1.1\r\nHost: test\r\nConnection: close\r\nExpect: a-miracle\r\n\r\n';
  expect(parseAnswer(await send(api.port, text)).status).toBe(200);
});

/** A server whose answer to /slow waits until it is released. */
async function slowServer() {
  const app = new Koa();
  const gate = Promise.withResolvers<void>();
  const arrival = Promise.withResolvers<void>();
  app.use(async (ctx) => {
    ctx.body = { path: ctx.path };
    if (ctx.path !== '/slow') return;
    arrival.resolve();
    await gate.promise;
  });
  const server = await listen(app, { host: '127.0.0.1', port: 0 });
  return { server, release: gate.resolve, arrived: arrival.promise };
}

it('finishes what is in flight when it closes, tells keep-alive connections so, and accepts nobody', async () => {
  const { server, release, arrived } = await slowServer();
  const answering = send(server.port, 'GET /slow HTTP/1.1\r\nHost: test\r\nConnection: keep-alive\r\n\r\n');
  await arrived;
  let isClosed = false;
  const closing = server.close(10_000).then(() => {
    isClosed = true;
  });
  await expect(send(server.port, '')).rejects.toThrow(/ECONNREFUSED/);
  expect(isClosed).toBe(false);
  release();
  const answer = parseAnswer(await answering);
  expect(answer).toMatchObject({ status: 200, body: '{"path":"/slow"}' });
  expect(answer.headers.get('connection')).toBe('close');
  await closing;
});

it('cuts what is still open after the grace', async () => {
  const { server, arrived } = await slowServer();
  const answering = send(server.port, 'GET /slow HTTP/1.1\r\nHost: test\r\n\r\n');
  await arrived;
  await server.close(10);
  expect(await answering.catch(() => '')).toBe('');
});

it('closes idle keep-alive connections at once', async () => {
  const { server } = await slowServer();
  const idle = send(server.port, 'GET /fast HTTP/1.1\r\nHost: test\r\n\r\n');
  const socket = connect(server.port, '127.0.0.1');
  socket.write('GET /fast HTTP/1.1\r\nHost: test\r\n\r\n');
  await new Promise((resolve) => socket.once('data', resolve));
  await server.close(60_000);
  expect(parseAnswer(await idle).status).toBe(200);
});

it('rejects where the port is taken', async () => {
  const { server } = await slowServer();
  await expect(listen(new Koa(), { host: '127.0.0.1', port: server.port })).rejects.toThrow(/EADDRINUSE/);
  await server.close(0);
});

it('lets go of a client who asks for much and never reads', async () => {
  const app = new Koa();
  const letGo = Promise.withResolvers<void>();
  app.use((ctx) => {
    // More than the kernel takes for a client who reads nothing.
    ctx.body = Buffer.alloc(50_000_000);
    ctx.res.once('close', letGo.resolve);
  });
  const server = await listen(app, { host: '127.0.0.1', port: 0, idleTimeout: 100 });
  const socket = connect(server.port, '127.0.0.1');
  socket.on('error', () => {}).pause();
  socket.write('GET / HTTP/1.1\r\nHost: test\r\n\r\n');
  await letGo.promise;
  socket.destroy();
  await server.close(0);
});

const REFUSAL: Problem = { kind: 'unavailable', detail: 'Too many.', retryAfter: 2 };

it('refuses early without asking the application, not before the hold is over, and keeps the connection', async () => {
  const asked: string[] = [];
  const app = new Koa();
  app.use((ctx) => {
    asked.push(ctx.url);
    ctx.body = 'served';
  });
  const refuseEarly: RefuseEarly = ({ url }) => (url === '/refused' ? REFUSAL : null);
  const server = await listen(app, { host: '127.0.0.1', port: 0, refuseEarly, refusalHold: 150 });
  const startedAt = performance.now();
  const received = await send(
    server.port,
    'GET /refused HTTP/1.1\r\nHost: test\r\n\r\nGET /served HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n',
  );
  expect(performance.now() - startedAt).toBeGreaterThan(140);
  const refused = parseAnswer(received);
  expect(refused).toMatchObject({ status: 503 });
  expect(refused.headers.get('retry-after')).toBe('2');
  expect(refused.headers.get('connection')).toBe('keep-alive');
  expect(JSON.parse(refused.body)).toMatchObject({ type: '/problems/unavailable', status: 503 });
  expect(received).toMatch(/HTTP\/1\.1 200 OK[\s\S]*served$/);
  expect(asked).toEqual(['/served']);
  await server.close(0);
});

it('gives the refusals that it holds back before it closes', async () => {
  const asked = Promise.withResolvers<void>();
  const refuseEarly: RefuseEarly = () => {
    asked.resolve();
    return REFUSAL;
  };
  const server = await listen(new Koa(), { host: '127.0.0.1', port: 0, refuseEarly, refusalHold: 100 });
  const answering = send(server.port, 'GET / HTTP/1.1\r\nHost: test\r\n\r\n');
  await asked.promise;
  await server.close(10_000);
  const refused = parseAnswer(await answering);
  expect(refused.status).toBe(503);
  expect(refused.headers.get('connection')).toBe('close');
});
