import type { Incarnation, Incarnations } from '../../domain/ports/incarnations.ts';
import type { InMemoryRecords } from './records.ts';

export class InMemoryIncarnations implements Incarnations {
  readonly #records: InMemoryRecords;

  constructor(records: InMemoryRecords) {
    this.#records = records;
  }

  async current(): Promise<Incarnation> {
    return { installation: this.#records.installation, number: this.#records.incarnation };
  }

  async raise(): Promise<Incarnation> {
    this.#records.incarnation += 1;
    return this.current();
  }
}
