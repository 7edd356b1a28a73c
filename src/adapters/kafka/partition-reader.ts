import type { KafkaMessage } from 'kafkajs';
import type { LogMark, PartitionReading } from '../../domain/ports/event-log-reader.ts';

const NOTHING_READ: PartitionReading = { first: null, last: null, next: 0n };

/** What is read of one partition, from where an earlier reading ended; that begins with the record it ended with. */
export class PartitionReader {
  /** Where to fetch from. */
  readonly start: bigint;
  readonly isBeyondTheEnd: boolean;
  readonly #before: PartitionReading;
  readonly #until: bigint;
  #first: LogMark | null;
  #last: LogMark | null;
  #next: bigint;
  #isRecognised: boolean;
  #isAnotherLog = false;

  constructor(before: PartitionReading | null, beginning: bigint, until: bigint) {
    this.#before = before ?? NOTHING_READ;
    this.#until = until;
    this.#first = this.#before.first;
    this.#last = this.#before.last;
    this.isBeyondTheEnd = until < this.#before.next;
    const last = this.#before.last;
    // Where even the last record is past its time, nothing can be recognised, and a new log would have begun at 0.
    this.#isRecognised = last === null || last.offset < beginning;
    this.#next = this.#before.next > beginning ? this.#before.next : beginning;
    this.start = this.#isRecognised || last === null ? this.#next : last.offset;
  }

  get isDone(): boolean {
    return this.#next >= this.#until;
  }

  get isAnotherLog(): boolean {
    return this.#isAnotherLog;
  }

  get next(): bigint {
    return this.#next;
  }

  get reading(): PartitionReading {
    return { first: this.#first, last: this.#last, next: this.#next };
  }

  /** Those of the messages that were not read before. */
  accept(messages: readonly KafkaMessage[]): readonly KafkaMessage[] {
    const fresh: KafkaMessage[] = [];
    for (const message of messages) {
      const mark = { offset: BigInt(message.offset), appendedAt: Number(message.timestamp) };
      this.#recognise(mark);
      if (mark.offset < this.#next || mark.offset >= this.#until) continue;
      this.#first ??= mark;
      this.#last = mark;
      this.#next = mark.offset + 1n;
      fresh.push(message);
    }
    return this.#isAnotherLog ? [] : fresh;
  }

  /** Behind the last record there may be offsets that no record has. */
  passed(next: bigint): void {
    if (next > this.#next) this.#next = next < this.#until ? next : this.#until;
  }

  #recognise({ offset, appendedAt }: LogMark): void {
    const last = this.#before.last;
    if (this.#isRecognised || last === null || offset < last.offset) return;
    this.#isRecognised = true;
    this.#isAnotherLog = offset !== last.offset || appendedAt !== last.appendedAt;
  }
}
