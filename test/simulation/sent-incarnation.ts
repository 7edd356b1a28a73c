import { KnownIncarnation } from '../../src/application/known-incarnation.ts';
import type { Incarnation, Incarnations } from '../../src/domain/ports/incarnations.ts';
import type { Host } from './host.ts';
import type { Timeline } from './timeline.ts';

/** The incarnation that a request carries: the one its process knew when it sent it. */
export class SentIncarnation extends KnownIncarnation {
  readonly #known: KnownIncarnation;
  readonly #host: Host;
  readonly #timeline: Timeline;
  #sent: Incarnation | null = null;

  constructor(known: KnownIncarnation, reader: Incarnations, host: Host, timeline: Timeline) {
    super(reader, host);
    this.#known = known;
    this.#host = host;
    this.#timeline = timeline;
  }

  override get value(): Incarnation | null {
    return this.#sent;
  }

  /** The process learns of it, as it does of every reply, when it runs. */
  override doubt(): void {
    this.#host.deliver(this.#timeline.now, () => this.#known.doubt());
  }

  readonly stamp = (): (() => void) => {
    const sent = this.#known.value;
    return () => {
      this.#sent = sent;
    };
  };
}
