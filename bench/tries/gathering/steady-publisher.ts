import { setTimeout as sleep } from 'node:timers/promises';
import { KafkaAdmin } from '../../../src/adapters/kafka/kafka-admin.ts';
import { KafkaCouponEventPublisher } from '../../../src/adapters/kafka/kafka-coupon-event-publisher.ts';
import { KafkaEventTopic } from '../../../src/adapters/kafka/kafka-event-topic.ts';
import type { TopicPlan } from '../../../src/adapters/kafka/topic.ts';
import { NodeClock } from '../../../src/adapters/node/node-clock.ts';
import { NodeScheduler } from '../../../src/adapters/node/node-scheduler.ts';
import type { Grant } from '../../../src/domain/grant.ts';
import { HAND_OVER_DEADLINE } from '../../../src/domain/publish-deadline.ts';
import { eventually } from '../../../test/support/eventually.ts';
import { Stalled } from '../stalled.ts';

const PUBLISH_EVERY = 2;
const QUIET = { info: () => {}, warn: () => {}, error: () => {} };

/** The publisher of the service, given grants at a steady rate. */
export class SteadyPublisher implements AsyncDisposable {
  readonly #admin: KafkaAdmin;
  readonly #publisher: KafkaCouponEventPublisher;

  private constructor(admin: KafkaAdmin, publisher: KafkaCouponEventPublisher) {
    this.#admin = admin;
    this.#publisher = publisher;
  }

  static connect(brokers: string, plan: TopicPlan): SteadyPublisher {
    const settings = { clientId: 'bench', brokers: [brokers] };
    const scheduler = new NodeScheduler();
    const admin = new KafkaAdmin(settings, scheduler);
    const topic = new KafkaEventTopic(admin, plan);
    const publisher = new KafkaCouponEventPublisher(settings, topic, new NodeClock(), scheduler, QUIET);
    publisher.connect();
    return new SteadyPublisher(admin, publisher);
  }

  /** Resolves when Kafka takes events. */
  async ready(): Promise<void> {
    await eventually(() => {
      if (!this.#publisher.isAvailable()) throw new Error('Kafka takes no events');
    });
  }

  /** Resolves when all of them are acknowledged; rejects with `Stalled` where one is not. */
  async publish(grants: readonly Grant[], perSecond: number): Promise<void> {
    const startedAt = performance.now();
    const published: Promise<void>[] = [];
    while (published.length < grants.length) {
      await sleep(PUBLISH_EVERY);
      const now = performance.now();
      const due = Math.floor(((now - startedAt) * perSecond) / 1_000);
      for (const grant of grants.slice(published.length, due)) {
        const acknowledged = this.#publisher.publish(grant, now + HAND_OVER_DEADLINE);
        // Told by the last line, for all of them.
        acknowledged.catch(() => {});
        published.push(acknowledged);
      }
    }
    await Promise.all(published).catch((cause: unknown) => {
      throw new Stalled('an event was not acknowledged', { cause });
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#publisher.disconnect();
    await this.#admin.disconnect();
  }
}
