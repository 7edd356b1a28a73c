import type { Leadership } from '../../domain/ports/leadership.ts';
import type { InMemoryRecords } from './records.ts';

/** One of several candidates over the same records. */
export class InMemoryLeadership implements Leadership {
  readonly #records: InMemoryRecords;

  constructor(records: InMemoryRecords) {
    this.#records = records;
  }

  async hold(): Promise<boolean> {
    this.#records.leader ??= this;
    return this.#records.leader === this;
  }

  async release(): Promise<void> {
    if (this.#records.leader === this) this.#records.leader = null;
  }
}
