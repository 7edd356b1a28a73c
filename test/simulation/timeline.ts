interface Entry {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/** What an event sets off and these turns do not finish goes on beside the next events, as on a slow machine. */
const TURNS = 2;
const TURN = Promise.resolve();

const isBefore = (a: Entry, b: Entry): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

/**
 * Virtual time and what is to happen in it, in milliseconds. Two events never run in an order that chance, the machine
 * or its load decides: promises settle in the order in which they were settled, whatever the number of turns.
 */
export class Timeline {
  readonly #heap: Entry[] = [];
  #now = 0;
  #order = 0;
  events = 0;

  get now(): number {
    return this.#now;
  }

  at(time: number, run: () => void): void {
    const entry = { at: Math.max(time, this.#now), order: this.#order++, run };
    let index = this.#heap.push(entry) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = this.#heap.at(parent) as Entry;
      if (!isBefore(entry, above)) break;
      this.#heap[index] = above;
      index = parent;
    }
    this.#heap[index] = entry;
  }

  in(milliseconds: number, run: () => void): void {
    this.at(this.#now + milliseconds, run);
  }

  async runUntil(end: number): Promise<void> {
    for (let next = this.#heap[0]; next !== undefined && next.at <= end; next = this.#heap[0]) {
      this.#take();
      this.#now = next.at;
      this.events += 1;
      next.run();
      for (let turn = 0; turn < TURNS; turn += 1) await TURN;
    }
    this.#now = end;
  }

  #take(): void {
    const last = this.#heap.pop() as Entry;
    const { length } = this.#heap;
    if (length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= length) break;
      if (child + 1 < length && isBefore(this.#heap.at(child + 1) as Entry, this.#heap.at(child) as Entry)) child += 1;
      if (!isBefore(this.#heap.at(child) as Entry, last)) break;
      this.#heap[index] = this.#heap.at(child) as Entry;
      index = child;
    }
    this.#heap[index] = last;
  }
}
