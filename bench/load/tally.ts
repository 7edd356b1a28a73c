import type { AnswerReader } from './answer-reader.ts';
import { UnexpectedAnswers } from './unexpected-answers.ts';

const STATUSES = 1_000;
const MOST_KEPT = 3;
const SEQUENCE = '"sequence":';
const [ZERO, NINE, COLON, SMALL_E] = [48, 57, 58, 101] as const;

/** What was answered, in memory that is allocated before the first request. */
export class Tally {
  readonly #waits: Uint32Array;
  readonly #sequences: Uint32Array;
  readonly #statuses = new Uint32Array(STATUSES);
  readonly #expected: Uint8Array;
  readonly #unexpected: string[] = [];
  readonly #samples = new Map<number, string>();
  /** From the start of the body to the digits, in the last answer that had any. */
  #sequenceAt = SEQUENCE.length;
  answered = 0;

  constructor(mostRequests: number, expected: readonly number[]) {
    this.#waits = new Uint32Array(mostRequests);
    this.#sequences = new Uint32Array(mostRequests);
    this.#expected = Uint8Array.from({ length: STATUSES }, (_, status) => Number(expected.includes(status)));
  }

  /** @param wait milliseconds */
  note(request: number, wait: number, { status, bodyAt }: AnswerReader, bytes: Buffer, length: number): void {
    this.answered += 1;
    this.#waits[request] = wait * 1_000;
    const before = this.#statuses[status] ?? 0;
    this.#statuses[status] = before + 1;
    if (before === 0) this.#samples.set(status, bytes.toString('latin1', 0, length));
    if (this.#expected[status] !== 1 && this.#unexpected.length < MOST_KEPT) {
      this.#unexpected.push(bytes.toString('latin1', 0, length));
    }
    if (status === 202 || status === 200) this.#sequences[request] = this.#sequenceIn(bytes, bodyAt, length);
  }

  /** By request, as far as there are any. */
  waits = (): Uint32Array => this.#waits.slice(0, this.answered);
  sequences = (): Uint32Array => this.#sequences.slice(0, this.answered);

  statuses(): ReadonlyMap<number, number> {
    return new Map([...this.#statuses.entries()].filter(([, count]) => count > 0));
  }

  samples = (): ReadonlyMap<number, string> => this.#samples;

  /** As many as are kept: no more need to be seen. */
  get isWrong(): boolean {
    return this.#unexpected.length === MOST_KEPT;
  }

  /** @throws UnexpectedAnswers with the first of them */
  check(): void {
    if (this.#unexpected.length === 0) return;
    const statuses = [...this.statuses()];
    const counts = statuses.map(([status, count]) => `${count} × ${status}`).join(', ');
    const wrong = statuses.filter(([status]) => this.#expected[status] !== 1);
    throw new UnexpectedAnswers(
      `answers that were not expected, among ${counts}:\n${this.#unexpected.join('\n')}`,
      wrong.every(([status]) => status === 503),
    );
  }

  /** 0 where there is none. */
  #sequenceIn(bytes: Buffer, bodyAt: number, length: number): number {
    let at = bodyAt + this.#sequenceAt;
    // The end of `"sequence":`; nothing else in an answer ends so.
    if (bytes[at - 1] !== COLON || bytes[at - 3] !== SMALL_E) {
      const found = bytes.subarray(0, length).indexOf(SEQUENCE, bodyAt, 'latin1');
      if (found < 0) return 0;
      at = found + SEQUENCE.length;
      this.#sequenceAt = at - bodyAt;
    }
    let sequence = 0;
    for (let digit = bytes[at] ?? 0; digit >= ZERO && digit <= NINE; digit = bytes[at] ?? 0) {
      sequence = sequence * 10 + digit - ZERO;
      at += 1;
    }
    return sequence;
  }
}
