import type { KafkaAdmin } from './kafka-admin.ts';
import { ensureTopic, type TopicPlan } from './topic.ts';

/**
 * The topic, created by whoever needs it first.
 * Once in a process: a topic that is deleted under a running service was deleted by somebody, and stays missing.
 */
export class KafkaEventTopic {
  readonly plan: TopicPlan;
  readonly #admin: KafkaAdmin;
  #isEnsured = false;

  constructor(admin: KafkaAdmin, plan: TopicPlan) {
    this.#admin = admin;
    this.plan = plan;
  }

  /** Rejects with `Unavailable` while Kafka is away. */
  async ensure(): Promise<void> {
    if (this.#isEnsured) return;
    await this.#admin.ask((admin) => ensureTopic(admin, this.plan));
    this.#isEnsured = true;
  }
}
