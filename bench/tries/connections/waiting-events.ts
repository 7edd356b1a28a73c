import { encodeCouponEvent } from '../../../src/adapters/kafka/coupon-event.ts';
import { partitionOf } from '../../../src/adapters/kafka/partition-by-key.ts';
import type { ProducerLine } from '../../../src/adapters/kafka/producer-line.ts';
import { SendQueue } from '../../../src/adapters/kafka/send-queue.ts';
import { NodeClock } from '../../../src/adapters/node/node-clock.ts';
import type { UserId } from '../../../src/domain/user-id.ts';
import { randomCampaignId } from '../../../test/support/random.ts';
import { benchUser } from '../../suites/counter/bench-users.ts';
import { keepInFlight } from '../../suites/counter/keep-in-flight.ts';

/** The publisher without its deadlines, over as many connections as asked: each event by the connection of its partition. */
export class WaitingEvents {
  readonly #partitions: number;
  readonly #queues: readonly SendQueue[];
  readonly #campaignId = randomCampaignId();
  #made = 0;

  constructor(lines: readonly ProducerLine[], partitions: number) {
    this.#partitions = partitions;
    this.#queues = lines.map((line) => {
      return new SendQueue(new NodeClock(), async (entries) => {
        try {
          const messages = entries.map(({ message }) => message);
          await line.send(messages);
          for (const entry of entries) entry.resolve();
        } catch (error) {
          for (const entry of entries) entry.reject(error as Error);
        }
      });
    });
  }

  /** So many wait at any time; who is acknowledged makes room for the next. Answers how long each waited, in ms. */
  async keepWaiting(together: number, milliseconds: number): Promise<readonly number[]> {
    const waits: number[] = [];
    const until = performance.now() + milliseconds;
    await keepInFlight(together, () => {
      const since = performance.now();
      if (since >= until) return null;
      return this.#publish(benchUser(this.#made)).then(() => waits.push(performance.now() - since));
    });
    return waits;
  }

  #publish(userId: UserId): Promise<void> {
    this.#made += 1;
    const grant = { campaignId: this.#campaignId, userId, sequence: this.#made, epoch: 1, grantedAt: Date.now() };
    const queue = this.#queues[partitionOf(userId, this.#partitions) % this.#queues.length];
    return new Promise((resolve, reject) => {
      queue?.add({ message: encodeCouponEvent(grant), handOverBy: Number.POSITIVE_INFINITY, resolve, reject });
    });
  }
}
