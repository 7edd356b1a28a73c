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
    return this.#admin.ask(async (admin) => endOf(await admin.fetchTopicOffsets(this.#topic)));
  }

  committed(): Promise<LogPosition> {
    return this.#admin.ask(async (admin) => {
      const bounds = await admin.fetchTopicOffsets(this.#topic);
      const groups = await admin.fetchOffsets({ groupId: this.#group, topics: [this.#topic] });
      const commits = new Map(groups[0]?.partitions.map(({ partition, offset }) => [partition, BigInt(offset)]));
      // The end may have moved on before the commits were read; in doubt it is asked for again.
      const isBeyond = bounds.some(({ partition, high }) => (commits.get(partition) ?? -1n) > BigInt(high));
      const end = endOf(isBeyond ? await admin.fetchTopicOffsets(this.#topic) : bounds);
      return new Map(
        bounds.map(({ partition, low }) => {
          const commit = commits.get(partition) ?? -1n;
          return [partition, commit < 0n || commit > (end.get(partition) ?? 0n) ? BigInt(low) : commit];
        }),
      );
    });
  }
}

const endOf = (bounds: readonly { readonly partition: number; readonly high: string }[]): LogPosition =>
  new Map(bounds.map(({ partition, high }) => [partition, BigInt(high)]));
