import { InMemoryEventLog } from '../../src/adapters/in-memory/event-log.ts';
import { InMemoryCouponEventPublisher } from '../../src/adapters/in-memory/in-memory-coupon-event-publisher.ts';
import type { Grant } from '../../src/domain/grant.ts';
import type { CouponEventPublisher } from '../../src/domain/ports/coupon-event-publisher.ts';
import type { Host } from './host.ts';
import type { Server } from './server.ts';

const ASK_EVERY = 1_000;

/** The event log at the near end of the line: what is appended here is on its way. */
class NearEnd extends InMemoryEventLog {
  readonly #far: InMemoryEventLog;
  readonly #host: Host;
  readonly #server: Server;
  sent: Promise<void> = Promise.resolve();

  constructor(far: InMemoryEventLog, host: Host, server: Server) {
    super(far.topic, 1);
    this.#far = far;
    this.#host = host;
    this.#server = server;
  }

  override append(grant: Grant, traceparent?: string): void {
    const copy = { ...grant };
    this.sent = this.#server.call(this.#host, async () => this.#far.append(copy, traceparent));
  }
}

/** The publisher of one process: its adapter decides what may be sent, the line decides what becomes of it. */
export class PublisherLine implements CouponEventPublisher {
  readonly #near: NearEnd;
  readonly #publisher: InMemoryCouponEventPublisher;
  readonly #host: Host;
  readonly #server: Server;
  #isSuspect = false;

  constructor(log: InMemoryEventLog, host: Host, server: Server) {
    this.#near = new NearEnd(log, host, server);
    this.#publisher = new InMemoryCouponEventPublisher(this.#near, host);
    this.#host = host;
    this.#server = server;
  }

  isAvailable(): boolean {
    return !this.#isSuspect && this.#publisher.isAvailable();
  }

  async publish(grant: Grant, handOverBy: number, traceparent?: string): Promise<void> {
    const handedOver = this.#publisher.publish(grant, handOverBy, traceparent);
    const { sent } = this.#near;
    await handedOver;
    try {
      await sent;
    } catch (error) {
      this.#suspect();
      throw error;
    }
  }

  #suspect(): void {
    if (this.#isSuspect) return;
    this.#isSuspect = true;
    void this.#ask();
  }

  async #ask(): Promise<void> {
    while (this.#isSuspect) {
      await this.#host.sleep(ASK_EVERY);
      const asked = this.#server.call(this.#host, async () => undefined);
      this.#isSuspect = await asked.then(
        () => false,
        () => true,
      );
    }
  }
}
