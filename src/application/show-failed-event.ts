import type { FailedEvent, FailedEventStep } from '../domain/failed-event.ts';
import type { FailedEventStore } from '../domain/ports/failed-event-store.ts';

interface ShownFailedEvent {
  readonly event: FailedEvent;
  readonly history: readonly FailedEventStep[];
}

export class ShowFailedEvent {
  readonly #failedEvents: FailedEventStore;

  constructor(failedEvents: FailedEventStore) {
    this.#failedEvents = failedEvents;
  }

  async execute(id: string): Promise<ShownFailedEvent | null> {
    const event = await this.#failedEvents.find(id);
    return event === null ? null : { event, history: await this.#failedEvents.history(id) };
  }
}
