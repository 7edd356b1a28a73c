import { describe, expect, test } from 'vitest';
import type { ReceivedEvent } from '../../src/domain/failed-event.ts';
import type { Grant } from '../../src/domain/grant.ts';
import type { LogPosition } from '../../src/domain/ports/event-log-progress.ts';
import { eventually } from '../support/eventually.ts';
import { randomCampaignId, randomUserId } from '../support/random.ts';

type Handle = (events: readonly ReceivedEvent[]) => Promise<void>;

interface Consumer {
  start(): void;
  isRunning(): boolean;
  stop(): Promise<void>;
}

/** A topic of two partitions with one group. */
export interface LogUnderTest extends AsyncDisposable {
  /** A member of the group; stopped at the end of the test. */
  consumer(handle: Handle): Consumer;
  append(grants: readonly Grant[]): Promise<void>;
  /** Puts bytes between the grants from which none can be read. */
  appendMalformed(): Promise<void>;
  end(): Promise<LogPosition>;
  committed(): Promise<LogPosition>;
}

const someGrants = (count: number): readonly Grant[] => {
  const campaignId = randomCampaignId();
  return Array.from({ length: count }, (_, index) => ({
    campaignId,
    userId: randomUserId(),
    sequence: index + 1,
    epoch: 1,
    grantedAt: 1_790_000_000_123,
  }));
};

const sequencesOf = (events: readonly ReceivedEvent[]): readonly number[] =>
  events.flatMap(({ content }) => ('grant' in content ? [content.grant.sequence] : []));

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index + 1);

const sorted = (numbers: readonly number[]): readonly number[] => numbers.toSorted((a, b) => a - b);

export function couponEventConsumerContract(name: string, make: () => Promise<LogUnderTest>): void {
  describe(`The consumer of coupon events, ${name}`, () => {
    test('delivers every event once, those from before the first start included, and commits them', async () => {
      await using log = await make();
      const delivered: ReceivedEvent[] = [];
      const grants = someGrants(1_200);
      await log.append(grants.slice(0, 700));
      log.consumer(async (events) => void delivered.push(...events)).start();
      await eventually(() => expect(delivered).toHaveLength(700));
      await log.append(grants.slice(700));
      await eventually(async () => expect(await log.committed()).toEqual(await log.end()));
      expect(sorted(sequencesOf(delivered))).toEqual(upTo(1_200));
      expect(delivered.map(({ content }) => content)).toContainEqual({ grant: grants[0] });
    });

    test('delivers the events of a partition in their order', async () => {
      await using log = await make();
      const delivered: ReceivedEvent[] = [];
      await log.append(someGrants(300));
      log.consumer(async (events) => void delivered.push(...events)).start();
      await eventually(() => expect(delivered).toHaveLength(300));
      for (const partition of [0, 1]) {
        const offsets = delivered.filter(({ raw }) => raw.partition === partition).map(({ raw }) => Number(raw.offset));
        expect(offsets).toEqual(offsets.map((_, index) => index));
      }
    });

    test('hands over at most 1,000 events at a time', async () => {
      await using log = await make();
      const sizes: number[] = [];
      await log.append(someGrants(2_500));
      log.consumer(async (events) => void sizes.push(events.length)).start();
      await eventually(() => expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(2_500));
      expect(Math.max(...sizes)).toBeLessThanOrEqual(1_000);
    });

    test('what no grant can be read from arrives as malformed, and its neighbours intact', async () => {
      await using log = await make();
      const delivered: ReceivedEvent[] = [];
      const grants = someGrants(20);
      await log.append(grants.slice(0, 10));
      await log.appendMalformed();
      await log.append(grants.slice(10));
      log.consumer(async (events) => void delivered.push(...events)).start();
      await eventually(() => expect(delivered).toHaveLength(21));
      expect(sorted(sequencesOf(delivered))).toEqual(upTo(20));
      const malformed = delivered.filter(({ content }) => 'malformed' in content);
      expect(malformed).toEqual([
        expect.objectContaining({ raw: expect.objectContaining({ digest: expect.stringMatching(/^[0-9a-f]{64}$/) }) }),
      ]);
    });

    test('events that the handler could not settle are delivered again, and committed only afterwards', async () => {
      await using log = await make();
      const attempts = [0, 0];
      const settled: ReceivedEvent[] = [];
      const committedBefore: LogPosition[] = [];
      await log.append(someGrants(50));
      log
        .consumer(async (events) => {
          const partitions = [...new Set(events.map(({ raw }) => raw.partition))];
          for (const partition of partitions) attempts[partition] = (attempts[partition] ?? 0) + 1;
          committedBefore.push(await log.committed());
          if (partitions.some((partition) => (attempts[partition] ?? 0) <= 3)) throw new Error('the database is away');
          settled.push(...events);
        })
        .start();
      await eventually(async () => expect(await log.committed()).toEqual(await log.end()), 20_000);
      expect(Math.min(...attempts)).toBeGreaterThanOrEqual(4);
      expect(sorted(sequencesOf(settled))).toEqual(upTo(50));
      expect(committedBefore[0]).toEqual(
        new Map([
          [0, 0n],
          [1, 0n],
        ]),
      );
    });

    test('a mistake in the handler is survived like an outage', async () => {
      await using log = await make();
      let calls = 0;
      const delivered: ReceivedEvent[] = [];
      await log.append(someGrants(1));
      log
        .consumer(async (events) => {
          if (calls++ === 0) throw new TypeError("Cannot read properties of undefined (reading 'x')");
          delivered.push(...events);
        })
        .start();
      await eventually(() => expect(delivered).toHaveLength(1));
    });

    test('stopping waits for the batch in hand, and the next start goes on behind it', async () => {
      await using log = await make();
      const first: ReceivedEvent[] = [];
      const { promise: opened, resolve: open } = Promise.withResolvers<void>();
      const { promise: held, resolve: hold } = Promise.withResolvers<void>();
      const [before, ...rest] = someGrants(6);
      if (before === undefined) throw new Error('no grant');
      await log.append([before]);
      const consumer = log.consumer(async (events) => {
        hold();
        await opened;
        first.push(...events);
      });
      consumer.start();
      await held;
      const stopped = consumer.stop();
      open();
      await stopped;
      expect(first).toHaveLength(1);
      expect(consumer.isRunning()).toBe(false);
      await log.append(rest);
      const second: ReceivedEvent[] = [];
      log.consumer(async (events) => void second.push(...events)).start();
      await eventually(() => expect(second.length).toBeGreaterThanOrEqual(5));
      expect(sorted(sequencesOf(second))).toEqual([2, 3, 4, 5, 6]);
    });

    test('two members share the partitions, and one takes over what the other leaves', async () => {
      await using log = await make();
      const byFirst: ReceivedEvent[] = [];
      const bySecond: ReceivedEvent[] = [];
      const first = log.consumer(async (events) => void byFirst.push(...events));
      const second = log.consumer(async (events) => void bySecond.push(...events));
      first.start();
      await eventually(() => expect(first.isRunning()).toBe(true));
      second.start();
      await eventually(() => expect(second.isRunning()).toBe(true));
      await eventually(async () => {
        await log.append(someGrants(10));
        expect(byFirst.length > 0 && bySecond.length > 0).toBe(true);
      });
      await first.stop();
      const before = bySecond.length;
      await log.append(someGrants(40));
      await eventually(async () => expect(await log.committed()).toEqual(await log.end()));
      expect(new Set(bySecond.slice(before).map(({ raw }) => raw.partition))).toEqual(new Set([0, 1]));
    });

    test('what the handler does to an event changes nothing that is delivered again', async () => {
      await using log = await make();
      const keys: string[] = [];
      await log.append(someGrants(1));
      log
        .consumer(async ([event]) => {
          if (event === undefined || event.raw.key === null) throw new Error('no key');
          keys.push(new TextDecoder().decode(event.raw.key));
          event.raw.key.fill(0);
          Object.assign(event.content, { grant: null });
          if (keys.length === 1) throw new Error('the database is away');
        })
        .start();
      await eventually(() => expect(keys).toHaveLength(2));
      expect(keys[1]).toBe(keys[0]);
    });
  });
}
