import { Unavailable } from '../../domain/outage.ts';
import type { EventLogProgress, LogPosition } from '../../domain/ports/event-log-progress.ts';
import type { InMemoryEventLog } from './event-log.ts';

export class InMemoryEventLogProgress implements EventLogProgress {
  readonly #log: InMemoryEventLog;
  readonly #group: string;

  constructor(log: InMemoryEventLog, group: string) {
    this.#log = log;
    this.#group = group;
  }

  async end(): Promise<LogPosition> {
    return this.#reached().end();
  }

  async committed(): Promise<LogPosition> {
    const log = this.#reached();
    const end = log.end();
    const committed = log.group(this.#group).committed();
    return new Map(
      [...committed].map(([partition, offset]) => [partition, offset > (end.get(partition) ?? 0n) ? 0n : offset]),
    );
  }

  #reached(): InMemoryEventLog {
    if (this.#log.fault === 'away') throw new Unavailable('event-log', 'the event log is away');
    return this.#log;
  }
}
