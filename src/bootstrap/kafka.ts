import { ContainerModule } from 'inversify';
import { KafkaAdmin } from '../adapters/kafka/kafka-admin.ts';
import { KafkaCouponEventConsumer } from '../adapters/kafka/kafka-coupon-event-consumer.ts';
import { KafkaCouponEventPublisher } from '../adapters/kafka/kafka-coupon-event-publisher.ts';
import { KafkaEventLogProgress } from '../adapters/kafka/kafka-event-log-progress.ts';
import { KafkaEventLogReader } from '../adapters/kafka/kafka-event-log-reader.ts';
import { KafkaEventTopic } from '../adapters/kafka/kafka-event-topic.ts';
import type { KafkaSettings } from '../adapters/kafka/kafka-line.ts';
import { KafkaProbe } from '../adapters/kafka/kafka-probe.ts';
import type { ProcessConfig } from './config.ts';
import { TOKENS as T } from './tokens.ts';
import { provide, token } from './wiring.ts';

export const KAFKA_ADMIN = token<KafkaAdmin>('KafkaAdmin');
export const PUBLISHER = token<KafkaCouponEventPublisher>('KafkaCouponEventPublisher');
export const CONSUMER = token<KafkaCouponEventConsumer>('KafkaCouponEventConsumer');
const TOPIC = token<KafkaEventTopic>('KafkaEventTopic');

/** The event log on Kafka. */
export const kafka = (config: ProcessConfig, clientId: string): ContainerModule => {
  const settings: KafkaSettings = { clientId, brokers: config.KAFKA_BROKERS };
  const group = config.KAFKA_GROUP_ID;
  const plan = {
    topic: config.KAFKA_TOPIC,
    partitions: config.KAFKA_PARTITIONS,
    replicationFactor: config.KAFKA_REPLICATION_FACTOR,
  };
  return new ContainerModule((to) => {
    provide(to, KAFKA_ADMIN, [T.scheduler], (scheduler) => new KafkaAdmin(settings, scheduler));
    provide(to, TOPIC, [KAFKA_ADMIN], (admin) => new KafkaEventTopic(admin, plan));
    provide(
      to,
      PUBLISHER,
      [TOPIC, T.clock, T.scheduler, T.journal],
      (topic, clock, scheduler, journal) => new KafkaCouponEventPublisher(settings, topic, clock, scheduler, journal),
    );
    provide(to, T.couponEventPublisher, [PUBLISHER], (publisher) => publisher);
    provide(to, T.eventLogProgress, [KAFKA_ADMIN], (admin) => new KafkaEventLogProgress(admin, plan.topic, group));
    provide(
      to,
      T.eventLogReader,
      [KAFKA_ADMIN, T.scheduler],
      (admin, scheduler) => new KafkaEventLogReader(settings, admin, plan.topic, scheduler),
    );
    provide(
      to,
      T.eventLogProbe,
      [KAFKA_ADMIN, PUBLISHER],
      (admin, publisher) => new KafkaProbe(admin, plan, publisher),
    );
    provide(
      to,
      CONSUMER,
      [TOPIC, T.handleEvents, T.scheduler, T.journal],
      (topic, handle, scheduler, journal) =>
        new KafkaCouponEventConsumer(settings, topic, group, handle, scheduler, journal, (error) => {
          journal.warn('consuming has ended for good: the process ends, to be started again', { error });
          process.exit(1);
        }),
    );
  });
};
