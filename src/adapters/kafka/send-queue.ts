import type { Message } from 'kafkajs';
import { Unavailable } from '../../domain/outage.ts';
import type { Clock } from '../../domain/ports/clock.ts';

/** Encoding and answering take time on a busy machine; all of a send has to fit into its second. */
const LARGEST_SEND = 500;

export interface Entry {
  readonly message: Message;
  readonly handOverBy: number;
  resolve(): void;
  reject(error: Error): void;
}

/**
 * Sends at once when nothing is in flight; otherwise what has gathered goes together when the send in flight ends
 * (kafkajs has no linger, and a send of one costs as much as a send of hundreds).
 */
export class SendQueue {
  readonly #clock: Clock;
  readonly #send: (entries: readonly Entry[]) => Promise<void>;
  #waiting: Entry[] = [];
  #isSending = false;
  #sent: Promise<void> = Promise.resolve();

  /** @param send never rejects: it tells the entries what became of them */
  constructor(clock: Clock, send: (entries: readonly Entry[]) => Promise<void>) {
    this.#clock = clock;
    this.#send = send;
  }

  /** Resolves when nothing is in flight or waiting. */
  get sent(): Promise<void> {
    return this.#sent;
  }

  add(entry: Entry): void {
    this.#waiting.push(entry);
    if (!this.#isSending) this.#sent = this.#sendWaiting();
  }

  /** Of what waits, nothing was sent. */
  refuseWaiting(cause: unknown): void {
    for (const entry of this.#waiting.splice(0)) {
      entry.reject(new Unavailable('event-log', 'Kafka has become unavailable', cause));
    }
  }

  /** Nothing is awaited between the last look at what waits and the end: an entry is taken by this loop or starts one. */
  async #sendWaiting(): Promise<void> {
    this.#isSending = true;
    for (let entries = this.#takePunctual(); entries.length > 0; entries = this.#takePunctual()) {
      await this.#send(entries);
    }
    this.#isSending = false;
  }

  #takePunctual(): readonly Entry[] {
    const now = this.#clock.monotonic();
    const punctual: Entry[] = [];
    let taken = 0;
    for (const entry of this.#waiting) {
      if (punctual.length === LARGEST_SEND) break;
      taken++;
      if (now <= entry.handOverBy) punctual.push(entry);
      else entry.reject(new Unavailable('event-log', 'too late to hand the grant to Kafka'));
    }
    this.#waiting = this.#waiting.slice(taken);
    return punctual;
  }
}
