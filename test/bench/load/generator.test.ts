import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as after } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { Generator } from '../../../bench/load/generator.ts';
import type { Plan } from '../../../bench/load/plan.ts';

const FIRST = 100_000_000;

async function served(handle: (request: IncomingMessage, response: ServerResponse) => unknown): Promise<number> {
  const server: Server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

const run = (port: number, plan: Partial<Plan>) =>
  new Generator({
    ports: [port],
    campaigns: ['a-campaign'],
    firstUser: FIRST,
    connections: 4,
    requests: 200,
    seconds: 60,
    rate: null,
    expected: [202],
    ...plan,
  }).run();

function respond(response: ServerResponse, status: number, body: string): void {
  response.statusCode = status;
  response.end(body);
}

const accepted = (sequence: number): string =>
  JSON.stringify({ campaignId: 'a-campaign', sequence, status: 'accepted' });

test('every user of a plan applies once, and its answers are kept user by user', async () => {
  const users: string[] = [];
  const port = await served((request, response) => {
    users.push(String(request.headers['x-user-id']));
    respond(response, 202, accepted(Number(request.headers['x-user-id']) - FIRST + 1));
  });
  const report = await run(port, {});
  expect(users.toSorted()).toEqual(Array.from({ length: 200 }, (_, index) => String(FIRST + index)));
  expect([...report.sequences]).toEqual(Array.from({ length: 200 }, (_, index) => index + 1));
  expect(report.statuses).toEqual(new Map([[202, 200]]));
});

test('one request at a time is in flight on a connection, and all connections are used', async () => {
  const inFlight = new Map<unknown, number>();
  const port = await served(async ({ socket }, response) => {
    inFlight.set(socket, (inFlight.get(socket) ?? 0) + 1);
    await after(1);
    const status = inFlight.get(socket) === 1 ? 202 : 500;
    inFlight.set(socket, 0);
    respond(response, status, accepted(1));
  });
  await run(port, { connections: 7 });
  expect(inFlight.size).toBe(7);
});

test('an answer that comes in pieces is one answer', async () => {
  const port = await served(async (request, response) => {
    const body = accepted(Number(request.headers['x-user-id']));
    response.writeHead(202, { 'Content-Length': body.length });
    response.write(body.slice(0, 3));
    await after(1);
    response.end(body.slice(3));
  });
  expect([...(await run(port, { requests: 9 })).sequences]).toEqual(
    Array.from({ length: 9 }, (_, index) => FIRST + index),
  );
});

test('an answer that nobody expected ends the plan, with the answer', async () => {
  const port = await served(({ headers }, response) => {
    const isLucky = headers['x-user-id'] !== String(FIRST + 50);
    respond(response, isLucky ? 202 : 503, isLucky ? accepted(1) : 'too much');
  });
  await expect(run(port, {})).rejects.toThrow(/1 × 503.*too much/s);
});

test('it is said whether the answers that nobody expected were all 503', async () => {
  const port = await served(({ headers }, response) => {
    respond(response, Number(headers['x-user-id']) % 2 === 0 ? 503 : 409, 'no');
  });
  await expect(run(port, { expected: [409] })).rejects.toMatchObject({ areUnavailable: true });
  await expect(run(port, { expected: [202] })).rejects.toMatchObject({ areUnavailable: false });
});

test('a plan that goes all wrong ends at the first answers that show it', async () => {
  let answered = 0;
  const port = await served((_request, response) => {
    answered += 1;
    respond(response, 500, 'broken');
  });
  await expect(run(port, { requests: 100_000 })).rejects.toThrow('× 500');
  expect(answered).toBeLessThan(100);
});

test('a connection that is lost ends the plan', async () => {
  const port = await served(({ socket, headers }, response) => {
    if (headers['x-user-id'] === String(FIRST + 50)) socket.destroy();
    else respond(response, 202, accepted(1));
  });
  await expect(run(port, {})).rejects.toThrow('a connection was lost');
});

test('nobody listening ends the plan', async () => {
  await expect(run(1, {})).rejects.toThrow('a connection was lost');
});

test('with a rate, who arrives while every connection is waiting has waited since he was due', async () => {
  const port = await served(async (_request, response) => {
    await after(20);
    respond(response, 202, accepted(1));
  });
  // 50 arrivals within 50 ms, for one connection that takes at least 20 ms for each: the last has waited for all before him.
  const { waits } = await run(port, { connections: 1, requests: 50, rate: 1_000 });
  expect(waits[49]).toBeGreaterThan(50 * 20_000 - 60_000);
});

test('with a rate, no request is sent before it is due', async () => {
  const arrivedAt: number[] = [];
  const port = await served(({ headers }, response) => {
    arrivedAt[Number(headers['x-user-id']) - FIRST] = performance.now();
    respond(response, 202, accepted(1));
  });
  const begun = performance.now();
  const { requests } = await run(port, { requests: 100_000, seconds: 0.4, rate: 250 });
  expect(requests).toBe(100);
  expect(arrivedAt.filter((moment, index) => moment < begun + index * 4)).toEqual([]);
});

test('without a rate, nothing is sent after the time is over', async () => {
  const port = await served((_request, response) => respond(response, 202, accepted(1)));
  const { requests, seconds } = await run(port, { seconds: 0.1, requests: 1_000_000 });
  // So many at most are kept of so short a time: whoever goes on sends them all.
  expect(requests).toBeLessThan(10_000);
  expect(seconds).toBeGreaterThan(0.09);
});
