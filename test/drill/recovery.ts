import { setTimeout as sleep } from 'node:timers/promises';
import type { CouponClient, Reply } from '../support/coupon-client.ts';
import type { Scene } from './scene.ts';

const ASK_EVERY = 25;
const PATIENCE = 3_000;

/** Told of everything that a probe was answered: probes are users like all others. */
export type Witness = (campaignId: string, userId: string, url: string, sentAt: number, reply: Reply) => void;

/** Finds out whether the service works: somebody new is accepted through every API, and his coupon is issued. */
export class Recovery {
  readonly #scene: Scene;
  readonly #witness: Witness;
  readonly #newUser: () => string;

  constructor(scene: Scene, newUser: () => string, witness: Witness) {
    this.#scene = scene;
    this.#newUser = newUser;
    this.#witness = witness;
  }

  /** Answers when it was complete; null: not by the deadline, which may move; both of the monotonic clock. */
  async complete(campaignId: string, deadline: () => number): Promise<number | null> {
    const probes = this.#scene.fleet.clients.map((client) => this.#probe(client, campaignId, deadline));
    return (await Promise.all(probes)).includes(false) ? null : performance.now();
  }

  async #probe(client: CouponClient, campaignId: string, deadline: () => number): Promise<boolean> {
    const userId = this.#newUser();
    const accepted = await this.#until(deadline, async () => {
      const sentAt = performance.now();
      const reply = await client.apply(campaignId, userId);
      this.#witness(campaignId, userId, client.url, sentAt, reply);
      return reply.status === 202 || reply.status === 200;
    });
    if (!accepted) return false;
    return this.#until(deadline, async () => {
      const { status, body } = await client.application(campaignId, userId);
      return status === 200 && body['status'] === 'issued';
    });
  }

  async #until(deadline: () => number, ask: () => Promise<boolean>): Promise<boolean> {
    while (performance.now() < deadline()) {
      const late = sleep(PATIENCE).then(() => false);
      if (await Promise.race([ask().catch(() => false), late])) return true;
      await sleep(ASK_EVERY);
    }
    return false;
  }
}
