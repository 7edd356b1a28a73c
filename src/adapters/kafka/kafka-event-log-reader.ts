import type { Grant } from '../../domain/grant.ts';
import { Unavailable } from '../../domain/outage.ts';
import type { LogPosition } from '../../domain/ports/event-log-progress.ts';
import type { EventLogReader, LogReading, ReadOutcome } from '../../domain/ports/event-log-reader.ts';
import type { Scheduler } from '../../domain/ports/scheduler.ts';
import type { KafkaAdmin } from './kafka-admin.ts';
import type { KafkaSettings } from './kafka-line.ts';
import { PartitionReader } from './partition-reader.ts';
import { ReadingLine } from './reading-line.ts';

/** How often it is looked whether anything came, and after how long without anything it is given up. */
const LOOK_EVERY = 100;
const GIVE_UP_AFTER = 15_000;

/** kafkajs reads only as a member of a group: each reading has one of its own, which commits nothing and is deleted. */
export class KafkaEventLogReader implements EventLogReader {
  readonly #settings: KafkaSettings;
  readonly #admin: KafkaAdmin;
  readonly #topic: string;
  readonly #scheduler: Scheduler;

  constructor(settings: KafkaSettings, admin: KafkaAdmin, topic: string, scheduler: Scheduler) {
    this.#settings = settings;
    this.#admin = admin;
    this.#topic = topic;
    this.#scheduler = scheduler;
  }

  async read(
    reading: LogReading,
    end: LogPosition,
    take: (grants: readonly Grant[]) => void,
    signal: AbortSignal,
  ): Promise<ReadOutcome> {
    const offsets = await this.#admin.ask((admin) => admin.fetchTopicOffsets(this.#topic));
    const readers = new Map<number, PartitionReader>();
    for (const { partition, low, high } of offsets) {
      const until = end.get(partition) ?? 0n;
      const reader = new PartitionReader(reading.get(partition) ?? null, BigInt(low), until);
      if (BigInt(high) < until || reader.isBeyondTheEnd) return { kind: 'another-log' };
      readers.set(partition, reader);
    }
    if ([...readers.values()].some(({ isDone }) => !isDone)) await this.#fetch(readers, take, signal);
    if ([...readers.values()].some(({ isAnotherLog }) => isAnotherLog)) return { kind: 'another-log' };
    return { kind: 'read', reading: new Map([...readers].map(([partition, reader]) => [partition, reader.reading])) };
  }

  async #fetch(
    readers: ReadonlyMap<number, PartitionReader>,
    take: (grants: readonly Grant[]) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const line = new ReadingLine(this.#settings, `coupon-reconciliation-${this.#scheduler.token()}`);
    try {
      await line.open(this.#topic, readers, take);
      await this.#finish(line, readers, signal);
    } catch (cause) {
      throw new Unavailable('event-log', `Kafka cannot be read: ${String(cause)}`, cause);
    } finally {
      await line.close(this.#scheduler, this.#admin);
    }
  }

  async #finish(line: ReadingLine, readers: ReadonlyMap<number, PartitionReader>, signal: AbortSignal): Promise<void> {
    let idle = 0;
    let before = -1n;
    while (!line.isDone(readers)) {
      if (signal.aborted) throw new Error('the reading was stopped');
      if (idle >= GIVE_UP_AFTER) throw new Error(`nothing came for ${GIVE_UP_AFTER} ms`);
      await this.#scheduler.sleep(LOOK_EVERY, signal);
      const now = [...readers.values()].reduce((sum, reader) => sum + reader.next, 0n);
      idle = now === before ? idle + LOOK_EVERY : 0;
      before = now;
    }
  }
}
