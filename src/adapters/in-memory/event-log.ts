import { createHash } from 'node:crypto';
import type { RawEvent, ReceivedEvent } from '../../domain/failed-event.ts';
import type { Grant } from '../../domain/grant.ts';
import type { LogPosition } from '../../domain/ports/event-log-progress.ts';
import { ConsumerGroup } from './event-log-consumer-group.ts';

/** `away`: nobody reaches the log. `acknowledgements-lost`: events arrive, and nobody is told. */
export type EventLogFault = 'none' | 'away' | 'acknowledgements-lost';

type Headers = RawEvent['headers'];
type Content = ReceivedEvent['content'];

const encoder = new TextEncoder();

/**
 * A topic in memory: partitions by user, offsets, and the commits of its groups.
 *
 * Every method is synchronous: an event and its offset, or a commit and the right to it, are one step.
 */
export class InMemoryEventLog {
  readonly topic: string;
  #partitions: ReceivedEvent[][];
  readonly #groups = new Map<string, ConsumerGroup>();
  readonly #beginnings = new Map<number, bigint>();
  #waiting = new Set<() => void>();
  #fault: EventLogFault = 'none';

  constructor(topic: string, partitions: number) {
    this.topic = topic;
    this.#partitions = Array.from({ length: partitions }, () => []);
  }

  get partitions(): number {
    return this.#partitions.length;
  }

  get fault(): EventLogFault {
    return this.#fault;
  }

  suffer(fault: EventLogFault): void {
    this.#fault = fault;
    this.wake();
  }

  append(grant: Grant, traceparent?: string): void {
    const headers: Headers = traceparent === undefined ? [] : [['traceparent', encoder.encode(traceparent)]];
    const partition = Number(BigInt(grant.userId) % BigInt(this.partitions));
    this.#add(partition, encoder.encode(JSON.stringify(grant)), encoder.encode(grant.userId), headers, {
      grant: Object.freeze({ ...grant }),
    });
  }

  /** Puts something into the log from which no grant can be read. */
  appendMalformed(partition: number, value: Uint8Array, malformed: string): void {
    this.#add(partition, Uint8Array.from(value), null, [], { malformed });
  }

  /** Deleted and created again: nothing is left, and offsets start again. Its groups have committed nothing any more. */
  recreate(): void {
    this.#partitions = this.#partitions.map(() => []);
    this.#beginnings.clear();
    for (const group of this.#groups.values()) group.loseCommits();
    this.wake();
  }

  /** The first offset of a partition that is still there. */
  beginning(partition: number): bigint {
    return this.#beginnings.get(partition) ?? 0n;
  }

  /** What was kept for long enough is removed; offsets stay as they are. */
  forget(partition: number, before: bigint): void {
    this.#beginnings.set(partition, before);
  }

  read(partition: number, from: bigint, most: number): readonly ReceivedEvent[] {
    const begin = from < this.beginning(partition) ? this.beginning(partition) : from;
    return this.#events(partition)
      .slice(Number(begin), Number(begin) + most)
      .map(copyOf);
  }

  end(): LogPosition {
    return new Map(this.#partitions.map((events, partition) => [partition, BigInt(events.length)]));
  }

  group(name: string): ConsumerGroup {
    const found = this.#groups.get(name) ?? new ConsumerGroup(this.partitions, () => this.wake());
    this.#groups.set(name, found);
    return found;
  }

  /** Resolves when there may be something new to read, for somebody new to read it, or when somebody asks to look again. */
  changed(): Promise<void> {
    return new Promise((resolve) => this.#waiting.add(resolve));
  }

  wake(): void {
    const woken = this.#waiting;
    this.#waiting = new Set();
    for (const resolve of woken) resolve();
  }

  #events(partition: number): ReceivedEvent[] {
    const events = this.#partitions[partition];
    if (events === undefined) throw new RangeError(`${this.topic} has no partition ${partition}`);
    return events;
  }

  #add(partition: number, value: Uint8Array, key: Uint8Array | null, headers: Headers, content: Content): void {
    const events = this.#events(partition);
    const length = value.length + (key?.length ?? 0);
    const digest = createHash('sha256').update(value).digest('hex');
    const raw = { topic: this.topic, partition, offset: String(events.length), key, value, headers, length, digest };
    events.push({ raw, content });
    this.wake();
  }
}

const copyOf = ({ raw, content }: ReceivedEvent): ReceivedEvent => ({
  raw: {
    ...raw,
    key: raw.key && Uint8Array.from(raw.key),
    value: raw.value && Uint8Array.from(raw.value),
    headers: raw.headers.map(([name, value]) => [name, Uint8Array.from(value)] as const),
  },
  content: { ...content },
});
