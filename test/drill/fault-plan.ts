import { seededNumbers, shuffled } from '../support/seeded.ts';
import type { Cause, FaultKind } from './fault.ts';

export interface PlannedFault {
  readonly kind: FaultKind;
  readonly cause: Cause;
  /** Nothing else happens beside it: what it takes to recover from it alone is worth knowing as well. */
  readonly alone: boolean;
}

/** One round in so many has its faults alone. */
const ALONE_EVERY = 3;

/** The kinds whose names are, or begin with, one of these; all where there is none. */
export function chosen(kinds: readonly FaultKind[], only: readonly string[]): readonly FaultKind[] {
  const unknown = only.filter((name) => !kinds.some((kind) => isOf(kind, name)));
  if (unknown.length > 0) {
    throw new RangeError(`no faults ${unknown.join(', ')}; there are ${kinds.map(({ name }) => name).join(', ')}`);
  }
  return only.length === 0 ? kinds : kinds.filter((kind) => only.some((name) => isOf(kind, name)));
}

const isOf = ({ name, family }: FaultKind, wanted: string): boolean =>
  name === wanted || family === wanted || name.startsWith(`${wanted}.`);

/** The same for the same seed: every kind once in each round, each round in an order of its own. */
export class FaultPlan {
  readonly #kinds: readonly FaultKind[];
  readonly #seed: number;
  readonly #next: PlannedFault[] = [];
  #rounds = 0;

  constructor(kinds: readonly FaultKind[], seed: number) {
    this.#kinds = kinds;
    this.#seed = seed;
  }

  /** The next one that may begin now; null: none of this round. */
  take(mayBegin: (fault: PlannedFault) => boolean): PlannedFault | null {
    if (this.#next.length === 0) this.#next.push(...this.#round());
    const index = this.#next.findIndex(mayBegin);
    return index < 0 ? null : (this.#next.splice(index, 1)[0] ?? null);
  }

  #round(): readonly PlannedFault[] {
    const seed = this.#seed * 10_007 + this.#rounds;
    this.#rounds += 1;
    const alone = this.#rounds % ALONE_EVERY === 2;
    const random = seededNumbers(seed);
    return shuffled(this.#kinds, seed).map((kind) => ({ kind, cause: kind.plan(random), alone }));
  }
}
