import { InMemoryCounterStore } from '../../src/adapters/in-memory/in-memory-counter-store.ts';
import { InMemoryRecords } from '../../src/adapters/in-memory/records.ts';
import { isOutage } from '../../src/domain/outage.ts';
import type { Journal } from '../../src/domain/ports/journal.ts';
import { SEND_TIMEOUT } from '../../src/domain/publish-deadline.ts';
import type { UserId } from '../../src/domain/user-id.ts';
import { History } from './history.ts';
import { Host, WallClock } from './host.ts';
import { Random } from './random.ts';
import type { Sabotage } from './sabotage.ts';
import { HEALTHY, type LineQuality, Server } from './server.ts';
import { SimulatedLog } from './simulated-log.ts';
import { Timeline } from './timeline.ts';

const COUNTER_TIMEOUT = 500;
const DATABASE_TIMEOUT = 3_000;

export interface Lines {
  readonly counter: LineQuality;
  readonly eventLog: LineQuality;
  readonly database: LineQuality;
}

export const HEALTHY_LINES: Lines = { counter: HEALTHY, eventLog: HEALTHY, database: HEALTHY };

export type Trace = (line: string) => void;

/** The servers, the lines to them, the clocks, and the one who sees everything. */
export class World {
  readonly timeline = new Timeline();
  readonly log = new SimulatedLog();
  readonly records = new InMemoryRecords('simulation');
  readonly counterClock = new WallClock(this.timeline);
  readonly store: InMemoryCounterStore;
  readonly counter: Server;
  readonly eventLog: Server;
  readonly database: Server;
  readonly history: History;
  readonly sabotage: Sabotage;
  /** Users whose data the database refuses now. */
  readonly refused = new Set<UserId>();
  readonly #random: Random;
  readonly #trace: Trace | null;

  constructor(seed: number, sabotage: Sabotage, trace: Trace | null) {
    // Apart from the chances of the schedule, so that a guard more or less leaves the schedule as it is.
    this.#random = new Random(seed ^ 0x5bd1e995);
    this.#trace = trace;
    this.sabotage = sabotage;
    this.store = sabotage.store?.(this.counterClock) ?? new InMemoryCounterStore(this.counterClock);
    const { timeline } = this;
    this.counter = new Server('counter', timeline, new Random(this.#seed()), COUNTER_TIMEOUT);
    this.eventLog = new Server('event-log', timeline, new Random(this.#seed()), SEND_TIMEOUT);
    this.database = new Server('database', timeline, new Random(this.#seed()), DATABASE_TIMEOUT);
    this.history = new History(this.log, () => timeline.now);
  }

  set lines({ counter, eventLog, database }: Lines) {
    this.counter.quality = counter;
    this.eventLog.quality = eventLog;
    this.database.quality = database;
  }

  host(name: string): Host {
    return new Host(name, this.timeline, new WallClock(this.timeline), new Random(this.#seed()));
  }

  trace(line: () => string): void {
    this.#trace?.(`${this.timeline.now.toFixed(1).padStart(9)}  ${line()}`);
  }

  journal(host: Host): Journal {
    const info: Journal['info'] = (message, details = {}) =>
      this.trace(() => `${host.name}: ${message} ${JSON.stringify(details)}`);
    // Background work survives its bugs, and tells the operator: here they are violations.
    const warn: Journal['warn'] = (message, details = {}) => {
      info(message, details);
      const { why, error } = details;
      if (error !== undefined && !isOutage(error)) this.history.violate('error', stackOf(error));
      if (typeof why === 'string' && /^\w*Error/.test(why)) this.history.violate('error', why);
    };
    return { info, warn };
  }

  #seed(): number {
    return Math.floor(this.#random.next() * 2 ** 32);
  }
}

export const stackOf = (error: unknown): string => String(error instanceof Error ? error.stack : error);
