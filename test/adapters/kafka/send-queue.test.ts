import { expect, it } from 'vitest';
import { type Entry, SendQueue } from '../../../src/adapters/kafka/send-queue.ts';
import { Unavailable } from '../../../src/domain/outage.ts';
import { ManualTime } from '../../support/manual-time.ts';

/** A queue whose sends end when the test says so. */
function slowQueue() {
  const time = new ManualTime();
  const sends: { readonly entries: readonly Entry[]; end(): void }[] = [];
  const queue = new SendQueue(time, (entries) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    sends.push({ entries, end: resolve });
    return promise;
  });
  const add = (key: string, handOverBy: number): Promise<void> =>
    new Promise((resolve, reject) => {
      queue.add({ message: { key, value: null }, handOverBy, resolve, reject });
    });
  const sent = () => sends.map(({ entries }) => entries.map(({ message }) => message.key));
  return { time, queue, sends, sent, add };
}

const turn = () => new Promise((next) => setImmediate(next));

it('sends at once when nothing is in flight, and together what gathered meanwhile', async () => {
  const { sends, sent, add } = slowQueue();
  for (const key of ['a', 'b', 'c']) void add(key, Number.POSITIVE_INFINITY);
  expect(sent()).toEqual([['a']]);
  sends[0]?.end();
  await turn();
  expect(sent()).toEqual([['a'], ['b', 'c']]);
});

it('never sends what is too late, and says that nothing was sent', async () => {
  const { time, sends, sent, add } = slowQueue();
  void add('in flight', Number.POSITIVE_INFINITY);
  const late = add('late', time.monotonic() + 10);
  void add('punctual', time.monotonic() + 11);
  time.advance(11);
  sends[0]?.end();
  await expect(late).rejects.toBeInstanceOf(Unavailable);
  expect(sent()).toEqual([['in flight'], ['punctual']]);
});

it('refuses what waits as not sent, and leaves what is in flight to its send', async () => {
  const { queue, sends, sent, add } = slowQueue();
  void add('in flight', Number.POSITIVE_INFINITY);
  const waiting = add('waiting', Number.POSITIVE_INFINITY);
  queue.refuseWaiting(new Error('the broker is away'));
  await expect(waiting).rejects.toBeInstanceOf(Unavailable);
  sends[0]?.end();
  await queue.sent;
  expect(sent()).toEqual([['in flight']]);
});
