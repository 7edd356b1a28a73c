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
    return this.#reached().group(this.#group).committed();
  }

  #reached(): InMemoryEventLog {
    if (this.#log.fault === 'away') throw new Unavailable('event-log', 'the event log is away');
    return this.#log;
  }
}
