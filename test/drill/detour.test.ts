import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { Detours } from './detours.ts';

let close: (() => Promise<unknown>) | null = null;
afterEach(() => close?.());

/** A server that answers what it is sent, and remembers it. */
async function aWay() {
  const received: string[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      received.push(String(bytes));
      socket.write(bytes);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = await freePort();
  const detours = await Detours.open([{ port, target: (server.address() as AddressInfo).port }]);
  close = async () => {
    await detours.close();
    server.close();
  };
  return {
    received,
    take: (course: Parameters<Detours['take']>[1]) => detours.take([0], course),
    dial: () => dial(port),
  };
}

function dial(port: number): { readonly socket: Socket; readonly answers: string[] } {
  const answers: string[] = [];
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  socket.on('data', (bytes) => answers.push(String(bytes)));
  return { socket, answers };
}

describe('a detour', () => {
  it('leads there and back', async () => {
    const { dial: call } = await aWay();
    const { socket, answers } = call();
    socket.write('ask');
    await eventually(() => expect(answers).toEqual(['ask']));
  });

  it('resets every connection when it is cut, and lets none be made', async () => {
    const { take, dial: call } = await aWay();
    const { socket, answers } = call();
    socket.write('ask');
    await eventually(() => expect(answers).toEqual(['ask']));
    await take({ kind: 'cut' });
    await eventually(() => expect(socket.destroyed).toBe(true));
    const second = call();
    await eventually(() => expect(second.socket.destroyed).toBe(true));
    await take({ kind: 'open' });
    const third = call();
    third.socket.write('again');
    await eventually(() => expect(third.answers).toEqual(['again']));
  });

  it('delays both directions, and keeps the order when the delay ends', async () => {
    const { take, dial: call } = await aWay();
    const { socket, answers } = call();
    await once(socket, 'connect');
    await take({ kind: 'delayed', by: 100 });
    const startedAt = performance.now();
    socket.write('a');
    await eventually(() => expect(answers).toEqual(['a']));
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(195);
    socket.write('b');
    await take({ kind: 'open' });
    socket.write('c');
    await eventually(() => expect(answers.join('')).toBe('abc'));
  });

  it('swallows answers to what is carried out, and resets the connection afterwards', async () => {
    const { received, take, dial: call } = await aWay();
    const { socket, answers } = call();
    await once(socket, 'connect');
    await take({ kind: 'swallowing' });
    socket.write('ask');
    await eventually(() => expect(received).toEqual(['ask']));
    await take({ kind: 'open' });
    await eventually(() => expect(socket.destroyed).toBe(true));
    expect(answers).toEqual([]);
  });
});
