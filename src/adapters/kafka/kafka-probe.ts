import type { CouponEventPublisher } from '../../domain/ports/coupon-event-publisher.ts';
import type { DependencyProbe, DependencyState } from '../../domain/ports/dependency-probe.ts';
import type { KafkaAdmin } from './kafka-admin.ts';
import { describeTopic, type TopicPlan, topicProblems, topicRemarks } from './topic.ts';

export class KafkaProbe implements DependencyProbe {
  readonly name = 'kafka';
  readonly #admin: KafkaAdmin;
  readonly #plan: TopicPlan;
  readonly #publisher: Pick<CouponEventPublisher, 'isAvailable'>;

  constructor(admin: KafkaAdmin, plan: TopicPlan, publisher: Pick<CouponEventPublisher, 'isAvailable'>) {
    this.#admin = admin;
    this.#plan = plan;
    this.#publisher = publisher;
  }

  async check(): Promise<DependencyState> {
    const { topic } = this.#plan;
    try {
      const found = await this.#admin.ask((admin) => describeTopic(admin, topic));
      if (found === null) return { status: 'unavailable', detail: `there is no topic ${topic}` };
      const problems = topicProblems(found, this.#plan);
      if (problems.length > 0) return { status: 'unavailable', detail: `topic ${topic}: ${problems.join('; ')}` };
      if (!this.#publisher.isAvailable()) return { status: 'unavailable', detail: 'Kafka takes no events yet' };
      const remarks = topicRemarks(found, this.#plan);
      return remarks.length === 0
        ? { status: 'ready' }
        : { status: 'ready', detail: `topic ${topic}: ${remarks.join('; ')}` };
    } catch (error) {
      return { status: 'unavailable', detail: error instanceof Error ? error.message : String(error) };
    }
  }
}
