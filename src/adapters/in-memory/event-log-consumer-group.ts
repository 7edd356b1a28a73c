import type { LogPosition } from '../../domain/ports/event-log-progress.ts';

/** Who of a group reads which partition, and how far each is committed. */
export class ConsumerGroup {
  readonly #offsets: bigint[];
  readonly #changed: () => void;
  #members: readonly object[] = [];

  constructor(partitions: number, changed: () => void) {
    this.#offsets = Array.from({ length: partitions }, () => 0n);
    this.#changed = changed;
  }

  join(member: object): void {
    this.#members = [...this.#members.filter((other) => other !== member), member];
    this.#changed();
  }

  leave(member: object): void {
    this.#members = this.#members.filter((other) => other !== member);
    this.#changed();
  }

  owns(member: object, partition: number): boolean {
    return this.#members[partition % this.#members.length] === member;
  }

  committedOf(partition: number): bigint {
    return this.#offsets[partition] ?? 0n;
  }

  committed(): LogPosition {
    return new Map(this.#offsets.entries());
  }

  /** A member that lost the partition meanwhile commits nothing: its new owner reads those events again. */
  commit(member: object, partition: number, offset: bigint): void {
    if (!this.owns(member, partition)) return;
    this.#offsets[partition] = offset;
    this.#changed();
  }

  /** Sets every offset back to the beginning, as a log does that has lost the group's commits. */
  loseCommits(): void {
    this.#offsets.fill(0n);
    this.#changed();
  }
}
