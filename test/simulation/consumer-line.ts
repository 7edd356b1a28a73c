import { InMemoryEventLog } from '../../src/adapters/in-memory/event-log.ts';
import type { ConsumerGroup } from '../../src/adapters/in-memory/event-log-consumer-group.ts';
import type { ReceivedEvent } from '../../src/domain/failed-event.ts';
import type { Host } from './host.ts';
import type { Server } from './server.ts';

/** The event log as the consumer of one process sees it: later than things happen, and not while it is away. */
export class ConsumerLine extends InMemoryEventLog {
  readonly #far: InMemoryEventLog;
  readonly #host: Host;
  readonly #server: Server;
  #waiting: (() => void)[] = [];

  constructor(far: InMemoryEventLog, host: Host, server: Server) {
    super(far.topic, far.partitions);
    this.#far = far;
    this.#host = host;
    this.#server = server;
    void this.#listen();
  }

  override get fault(): 'away' | 'none' {
    return this.#server.isAway ? 'away' : 'none';
  }

  override read(partition: number, from: bigint, most: number): readonly ReceivedEvent[] {
    return this.#far.read(partition, from, most);
  }

  override group(name: string): ConsumerGroup {
    return this.#far.group(name);
  }

  override changed(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  async #listen(): Promise<void> {
    while (this.#host.isAlive) {
      await this.#far.changed();
      const { timeline } = this.#server;
      this.#host.deliver(timeline.now + this.#server.oneWay(), () => {
        const woken = this.#waiting;
        this.#waiting = [];
        for (const resolve of woken) resolve();
      });
    }
  }
}
