import type { FailedEvent, FailedEventFilter } from '../domain/failed-event.ts';
import type { Page, PageRequest } from '../domain/page.ts';
import type { FailedEventStore } from '../domain/ports/failed-event-store.ts';

export class ListFailedEvents {
  readonly #failedEvents: FailedEventStore;

  constructor(failedEvents: FailedEventStore) {
    this.#failedEvents = failedEvents;
  }

  execute(filter: FailedEventFilter, page: PageRequest): Promise<Page<FailedEvent>> {
    return this.#failedEvents.page(filter, page);
  }
}
