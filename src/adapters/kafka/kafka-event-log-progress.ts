import type { EventLogProgress, LogPosition } from '../../domain/ports/event-log-progress.ts';
import type { KafkaAdmin } from './kafka-admin.ts';

export class KafkaEventLogProgress implements EventLogProgress {
  readonly #admin: KafkaAdmin;
  readonly #topic: string;
  readonly #group: string;

  constructor(admin: KafkaAdmin, topic: string, group: string) {
    this.#admin = admin;
    this.#topic = topic;
    this.#group = group;
  }

  end(): Promise<LogPosition> {
    return this.#admin.ask(async (admin) => {
      const partitions = await admin.fetchTopicOffsets(this.#topic);
      return new Map(partitions.map(({ partition, high }) => [partition, BigInt(high)]));
    });
  }

  committed(): Promise<LogPosition> {
    return this.#admin.ask(async (admin) => {
      const beginnings = await admin.fetchTopicOffsets(this.#topic);
      const groups = await admin.fetchOffsets({ groupId: this.#group, topics: [this.#topic] });
      const commits = new Map(groups[0]?.partitions.map(({ partition, offset }) => [partition, BigInt(offset)]));
      return new Map(
        beginnings.map(({ partition, low }) => {
          const commit = commits.get(partition) ?? -1n;
          return [partition, commit < 0n ? BigInt(low) : commit];
        }),
      );
    });
  }
}
