import { seededNumbers } from '../support/seeded.ts';

/** Choices that are the same for the same seed and number, whatever was chosen for other numbers. */
export class Dice {
  readonly #next: () => number;

  constructor(seed: number, number: number) {
    this.#next = seededNumbers(Math.imul(seed, 0x9e3779b1) ^ Math.imul(number + 1, 0x85ebca6b));
  }

  chance(probability: number): boolean {
    return this.#next() < probability;
  }

  /** From 0 up to, and without, the limit. */
  below(limit: number): number {
    return Math.floor(this.#next() * limit);
  }

  of<T>(first: T, ...others: readonly T[]): T {
    const index = this.below(others.length + 1);
    return index === 0 ? first : (others[index - 1] ?? first);
  }

  times<T>(most: number, make: () => T): readonly T[] {
    return Array.from({ length: this.below(most + 1) }, make);
  }

  /** Latin-1 text of any bytes. */
  bytes(most: number): string {
    return this.times(most, () => String.fromCharCode(this.below(256))).join('');
  }
}
