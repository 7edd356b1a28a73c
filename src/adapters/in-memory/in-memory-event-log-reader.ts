import type { ReceivedEvent } from '../../domain/failed-event.ts';
import type { Grant } from '../../domain/grant.ts';
import { Unavailable } from '../../domain/outage.ts';
import type { LogPosition } from '../../domain/ports/event-log-progress.ts';
import type {
  EventLogReader,
  LogMark,
  LogReading,
  PartitionReading,
  ReadOutcome,
} from '../../domain/ports/event-log-reader.ts';
import type { InMemoryEventLog } from './event-log.ts';

const AT_ONCE = 1_000;
const NOTHING_READ: PartitionReading = { first: null, last: null, next: 0n };

/** A record of this log has no time of its own: it is as old as the grant in it. */
const markOf = ({ raw, content }: ReceivedEvent): LogMark => ({
  offset: BigInt(raw.offset),
  appendedAt: 'grant' in content ? content.grant.grantedAt : 0,
});

export class InMemoryEventLogReader implements EventLogReader {
  readonly #log: InMemoryEventLog;

  constructor(log: InMemoryEventLog) {
    this.#log = log;
  }

  async read(
    reading: LogReading,
    end: LogPosition,
    take: (grants: readonly Grant[]) => void,
    signal: AbortSignal,
  ): Promise<ReadOutcome> {
    if (this.#log.fault === 'away') throw new Unavailable('event-log', 'the event log is away');
    if (signal.aborted) throw new Unavailable('event-log', 'the reading was stopped');
    const read = new Map<number, PartitionReading>();
    for (const [partition, until] of end) {
      const before = reading.get(partition) ?? NOTHING_READ;
      if (!this.#isRecognised(partition, before, until)) return { kind: 'another-log' };
      read.set(partition, this.#read(partition, before, until, take));
    }
    return { kind: 'read', reading: read };
  }

  #isRecognised(partition: number, { last, next }: PartitionReading, until: bigint): boolean {
    if (until < next || (this.#log.end().get(partition) ?? 0n) < until) return false;
    if (last === null || last.offset < this.#log.beginning(partition)) return true;
    const [there] = this.#log.read(partition, last.offset, 1);
    return there !== undefined && markOf(there).appendedAt === last.appendedAt;
  }

  #read(
    partition: number,
    before: PartitionReading,
    until: bigint,
    take: (grants: readonly Grant[]) => void,
  ): PartitionReading {
    let { first, last, next } = before;
    while (next < until) {
      const events = this.#log.read(partition, next, AT_ONCE).filter(({ raw }) => BigInt(raw.offset) < until);
      if (events.length === 0) break;
      for (const event of events) {
        last = markOf(event);
        first ??= last;
      }
      const grants = events.flatMap(({ content }) => ('grant' in content ? [content.grant] : []));
      if (grants.length > 0) take(grants);
      next = (last?.offset ?? next) + 1n;
    }
    return { first, last, next: next < until ? until : next };
  }
}
