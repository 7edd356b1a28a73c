import type { ReceivedEvent } from '../../domain/failed-event.ts';

/** Makes a coupon or a failed event of each; rejects on an outage, and is then asked again. */
export type HandleEvents = (events: readonly ReceivedEvent[]) => Promise<void>;

interface Group {
  readonly events: readonly ReceivedEvent[];
  resolve(): void;
  reject(error: unknown): void;
}

export interface GatheringLimits {
  /** Events that are handed over together, unless one group alone has more. */
  readonly together: number;
  /** Handings over at the same time: one is prepared while the database works on the other. */
  readonly atOnce: number;
}

/**
 * Hands over together what comes from several partitions while the handler is busy: a transaction of one row costs
 * as much as one of a hundred, and a burst that trickles through six partitions would be six times as many.
 */
export class GatheredEvents {
  readonly #handle: HandleEvents;
  readonly #limits: GatheringLimits;
  #waiting: Group[] = [];
  #handling = 0;

  constructor(handle: HandleEvents, limits: GatheringLimits) {
    this.#handle = handle;
    this.#limits = limits;
  }

  /** Resolves when these events were handled, and rejects where the handler rejected them or others beside them. */
  handle(events: readonly ReceivedEvent[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ events, resolve, reject });
      if (this.#handling < this.#limits.atOnce) void this.#handleWaiting();
    });
  }

  async #handleWaiting(): Promise<void> {
    this.#handling += 1;
    // The other partitions of the same fetch are handed over in this turn of the event loop.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const groups = this.#take();
      try {
        await this.#handle(groups.flatMap(({ events }) => events));
        for (const group of groups) group.resolve();
      } catch (error) {
        for (const group of groups) group.reject(error);
      }
    }
    this.#handling -= 1;
  }

  #take(): readonly Group[] {
    let count = 0;
    let taken = 0;
    for (const { events } of this.#waiting) {
      if (taken > 0 && count + events.length > this.#limits.together) break;
      count += events.length;
      taken++;
    }
    const groups = this.#waiting.slice(0, taken);
    this.#waiting = this.#waiting.slice(taken);
    return groups;
  }
}
