import type { Socket } from 'node:net';

/** One direction of a connection: what goes in comes out after the delay, in its order also when the delay changes. */
export class Passage {
  delay: number;
  readonly #to: Socket;
  readonly #waiting: { readonly bytes: Buffer; readonly at: number }[] = [];
  #timer: NodeJS.Timeout | null = null;
  #ended = false;

  constructor(to: Socket, delay: number) {
    this.#to = to;
    this.delay = delay;
  }

  push(bytes: Buffer): void {
    if (this.delay === 0 && this.#waiting.length === 0) {
      this.#to.write(bytes);
      return;
    }
    this.#waiting.push({ bytes, at: performance.now() });
    this.#plan();
  }

  /** The other end is told after the last byte. */
  end(): void {
    this.#ended = true;
    this.#plan();
  }

  #plan(): void {
    if (this.#timer !== null) return;
    const [first] = this.#waiting;
    if (first === undefined) {
      if (this.#ended) this.#to.destroy();
      return;
    }
    this.#timer = setTimeout(() => this.#pass(), Math.max(0, first.at + this.delay - performance.now()));
  }

  #pass(): void {
    this.#timer = null;
    const due = performance.now() - this.delay;
    while ((this.#waiting[0]?.at ?? Number.POSITIVE_INFINITY) <= due + 1) {
      const next = this.#waiting.shift();
      if (next) this.#to.write(next.bytes);
    }
    this.#plan();
  }
}
