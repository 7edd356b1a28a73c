import { expect, it } from 'vitest';
import { GatheredEvents } from '../../../src/adapters/kafka/gathered-events.ts';
import type { ReceivedEvent } from '../../../src/domain/failed-event.ts';

const event = { raw: {}, content: { malformed: 'of no interest' } } as ReceivedEvent;
const group = (size: number): readonly ReceivedEvent[] => Array.from({ length: size }, () => event);

/** A handler whose calls end when the test says so. */
function slowHandler() {
  const calls: { readonly size: number; end(error?: Error): Promise<void> }[] = [];
  const handle = (events: readonly ReceivedEvent[]): Promise<void> => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const end = async (error?: Error) => {
      if (error === undefined) resolve();
      else reject(error);
      await promise.catch(() => {});
      await new Promise((next) => setImmediate(next));
    };
    calls.push({ size: events.length, end });
    return promise;
  };
  return { calls, handle };
}

const turn = () => new Promise((next) => setImmediate(next));

it('hands over together what arrives in one turn, and while the handler is busy', async () => {
  const { calls, handle } = slowHandler();
  const gathered = new GatheredEvents(handle, { together: 100, atOnce: 1 });
  const first = [gathered.handle(group(1)), gathered.handle(group(2))];
  await turn();
  const second = [gathered.handle(group(3)), gathered.handle(group(4))];
  await turn();
  expect(calls.map(({ size }) => size)).toEqual([3]);
  await calls[0]?.end();
  await Promise.all(first);
  expect(calls.map(({ size }) => size)).toEqual([3, 7]);
  await calls[1]?.end();
  await Promise.all(second);
});

it('hands over no more at once than it may, unless one group alone has more', async () => {
  const { calls, handle } = slowHandler();
  const gathered = new GatheredEvents(handle, { together: 10, atOnce: 1 });
  const all = [6, 5, 30, 1].map((size) => gathered.handle(group(size)));
  for (const size of [6, 5, 30, 1]) {
    await turn();
    expect(calls.at(-1)?.size).toBe(size);
    await calls.at(-1)?.end();
  }
  await Promise.all(all);
});

it('rejects for all who were handed over together, and goes on with the next', async () => {
  const { calls, handle } = slowHandler();
  const gathered = new GatheredEvents(handle, { together: 100, atOnce: 1 });
  const away = new Error('the database is away');
  const failed = [gathered.handle(group(1)), gathered.handle(group(1))].map((each) => expect(each).rejects.toBe(away));
  await turn();
  const next = gathered.handle(group(1));
  await calls[0]?.end(away);
  await Promise.all(failed);
  await calls[1]?.end();
  await next;
  const later = gathered.handle(group(2));
  await turn();
  await calls[2]?.end();
  await later;
  expect(calls.map(({ size }) => size)).toEqual([2, 1, 2]);
});

it('hands over as much at once as it may, and no more', async () => {
  const { calls, handle } = slowHandler();
  const gathered = new GatheredEvents(handle, { together: 1, atOnce: 2 });
  const all = [1, 1, 1].map((size) => gathered.handle(group(size)));
  await turn();
  expect(calls).toHaveLength(2);
  await calls[0]?.end();
  expect(calls).toHaveLength(3);
  await calls[1]?.end();
  await calls[2]?.end();
  await Promise.all(all);
});
